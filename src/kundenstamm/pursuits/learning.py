"""After a year: what was promised against what came, and what that says of our plans."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from kundenstamm.guard.models import User
from kundenstamm.ledger.models import Entry, EntryKind
from kundenstamm.pursuits.models import Learning, Pursuit, State
from kundenstamm.pursuits.rules import MONTHS, first_year, month_after
from kundenstamm.worth.pursuit.optimism import FEW, Optimism

# Turnover at our prices, less what came back.
BOUGHT = (EntryKind.SALE, EntryKind.RETURN)


def learned() -> Optimism:
    """Ours, from enough pursuits; until then the assumed one."""
    found = Learning.objects.order_by("-id").first()
    return Optimism.of(found.ratios if found and len(found.ratios) >= FEW else ())


def known() -> int:
    """How many pursuits were won a year ago or earlier, and are known to have come to something."""
    found = Learning.objects.order_by("-id").first()
    return len(found.ratios) if found else 0


def promised(pursuit: Pursuit) -> Decimal:
    """Of the first twelve months, from the first deliveries on."""
    return first_year(pursuit.turnover, pursuit.ramp)


def ratio(pursuit: Pursuit) -> float | None:
    """What came ÷ what was promised; None before its year is over."""
    told = promised(pursuit)
    return float(pursuit.came / told) if pursuit.came is not None and told > 0 else None


@transaction.atomic
def learn(today: date, *, actor: User, at: datetime) -> Learning | None:
    """Hold every pursuit that was won a year ago against its plan; None where nothing is new.

    All pursuits, not only those that ``actor`` may see, as the valuation does.
    """
    due = _due(today)
    for each in due:
        _hold(each)
    if not due:
        return None
    won = Pursuit.objects.filter(state=State.WON, came__isnull=False)
    ratios = sorted(round(told, 4) for each in won if (told := ratio(each)) is not None)
    return Learning.objects.create(as_of=today, ratios=ratios, actor=actor, made_at=at)


def _due(today: date) -> list[Pursuit]:
    """Won, not held against its plan yet, and its first twelve months over."""
    ago = month_after(today.replace(day=1), -MONTHS)
    found = Pursuit.objects.filter(state=State.WON, came__isnull=True, first_month__lte=ago)
    return list(found.select_for_update(of=("self",)).order_by("pk"))


def _hold(pursuit: Pursuit) -> None:
    """Of its first twelve months, whatever was bought; what was given back is off."""
    ends = month_after(pursuit.first_month, MONTHS)
    entries = Entry.objects.filter(
        customer=pursuit.customer_id, kind__in=BOUGHT, date__gte=pursuit.first_month, date__lt=ends
    )
    bought = entries.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    pursuit.came = max(bought, Decimal(0))
    pursuit.save(update_fields=["came"])
