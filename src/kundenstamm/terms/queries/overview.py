"""What do we give away? Everything that the page of all agreements shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from kundenstamm.company.queries import profile
from kundenstamm.guard.models import User
from kundenstamm.ledger.models import Entry, EntryKind
from kundenstamm.terms.models import Agreement, Kind
from kundenstamm.terms.queries.costs import NIL, YEAR, Given, given
from kundenstamm.terms.queries.unexplained import Unexplained, unexplained, unexplained_entries
from kundenstamm.terms.recognising import still_granted
from kundenstamm.terms.rules import Promise, Ratchet, ratchets

SOON = timedelta(days=60)


@dataclass(frozen=True)
class StillGranted:
    """A promotion that is over and is given all the same."""

    agreement: Agreement
    last: date
    amount: Decimal


@dataclass(frozen=True)
class Overview:
    """``kinds``: what was given by kind in 12 months; ``soon``: ending within two months."""

    as_of: date
    agreements: list[Given]
    kinds: list[tuple[Kind, int, Decimal]]
    without_agreement: Decimal
    total: Decimal
    gross_sales: Decimal
    ratchets: dict[int, list[Ratchet]]
    still_granted: list[StillGranted]
    unexplained: list[Unexplained]
    soon: list[Given]

    @property
    def share(self) -> Decimal | None:
        return self.total / self.gross_sales if self.gross_sales > 0 else None


def overview(actor: User, as_of: date) -> Overview:
    """All agreements that the actor knows, those that cost most in 12 months first."""
    known = Agreement.objects.visible_to(actor).filter(customer__withdrawn=False)
    agreements = list(
        known.select_related("customer", "product", "category").with_tiers(actor).order_by("pk")
    )
    found = given(actor, agreements, as_of)
    kinds = _kinds(found)
    without = -(unexplained_entries(actor, as_of).aggregate(of=Sum("amount"))["of"] or NIL)
    return Overview(
        as_of=as_of,
        agreements=sorted(found, key=lambda each: (-each.year, -each.ever, each.agreement.pk)),
        kinds=kinds,
        without_agreement=without,
        total=sum((amount for _kind, _n, amount in kinds), without),
        gross_sales=_gross_sales(actor, as_of),
        ratchets=ratchets_of(agreements),
        still_granted=_still_granted(actor, agreements, as_of),
        unexplained=unexplained(actor, as_of),
        soon=sorted(
            (each for each in found if _ends_soon(each.agreement, as_of)),
            key=lambda each: each.agreement.valid_to or date.max,
        ),
    )


def ratchets_of(agreements: Sequence[Agreement]) -> dict[int, list[Ratchet]]:
    """By the newest agreement concerned."""
    limit = profile().promotion_periods
    own: dict[int, list[Promise]] = {}
    for each in agreements:
        if each.rate is not None:
            own.setdefault(each.customer_id, []).append(_promise(each))
    found: dict[int, list[Ratchet]] = {}
    for promises in own.values():
        for found_one in ratchets(promises, limit):
            found.setdefault(found_one.id, []).append(found_one)
    return found


def _promise(agreement: Agreement) -> Promise:
    scope = (agreement.product_id or 0, agreement.category_id or 0)
    rate = agreement.rate or NIL
    span = (agreement.valid_from, agreement.valid_to)
    return Promise(agreement.pk, agreement.kind, scope, *span, rate)


def _kinds(found: Sequence[Given]) -> list[tuple[Kind, int, Decimal]]:
    """Kind, how many agreements cost anything, what they cost in 12 months."""
    rows = []
    for kind in Kind:
        costs = [each.year for each in found if each.agreement.kind == kind and each.year]
        rows.append((kind, len(costs), sum(costs, NIL)))
    return [row for row in rows if row[1]]


def _gross_sales(actor: User, as_of: date) -> Decimal:
    sold = Entry.objects.visible_to(actor).filter(
        kind=EntryKind.SALE, date__gt=as_of - YEAR, date__lte=as_of
    )
    return sold.aggregate(of=Sum("amount"))["of"] or NIL


def _still_granted(actor: User, agreements: Sequence[Agreement], as_of: date) -> list[StillGranted]:
    known = {each.pk: each for each in agreements}
    over = [each.pk for each in agreements if each.valid_to and each.valid_to < as_of]
    found = [StillGranted(known[pk], last, -sum_) for pk, last, sum_ in still_granted(actor, over)]
    return sorted(found, key=lambda each: -each.amount)


def _ends_soon(agreement: Agreement, as_of: date) -> bool:
    return agreement.valid_to is not None and as_of <= agreement.valid_to <= as_of + SOON
