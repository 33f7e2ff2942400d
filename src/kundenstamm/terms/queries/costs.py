"""What each agreement really costs: entries it caused, goods given away, time to pay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import F, Q, QuerySet, Sum

from kundenstamm.company.queries import profile
from kundenstamm.guard.models import User
from kundenstamm.guard.queries import known_customers
from kundenstamm.ledger.models import Entry, EntryKind
from kundenstamm.terms.models import Agreement, AgreementEntry, Kind

YEAR = timedelta(days=365)
NIL = Decimal(0)


@dataclass(frozen=True)
class Given:
    """One agreement and what was given on it, as positive amounts: last 12 months, since ever."""

    agreement: Agreement
    year: Decimal
    ever: Decimal


Costs = dict[int, tuple[Decimal, Decimal]]


def given(actor: User, agreements: Iterable[Agreement], as_of: date) -> list[Given]:
    """What agreements cost up to a day. Only such that the actor knows may be handed in."""
    asked = list(agreements)
    parts = [
        _caused(actor, asked, as_of),
        _goods(actor, asked, as_of),
        _financing(actor, asked, as_of),
    ]
    return [
        Given(
            each,
            sum((part.get(each.pk, (NIL, NIL))[0] for part in parts), NIL),
            sum((part.get(each.pk, (NIL, NIL))[1] for part in parts), NIL),
        )
        for each in asked
    ]


def _caused(actor: User, asked: Sequence[Agreement], as_of: date) -> Costs:
    """Entries linked to the agreements that still stand."""
    links = AgreementEntry.objects.visible_to(actor).filter(
        agreement__in=asked, entry__reversals__isnull=True, entry__date__lte=as_of
    )
    return _sums(links.values(of=F("agreement")), "entry__amount", "entry__date", as_of)


def _goods(actor: User, asked: Sequence[Agreement], as_of: date) -> Costs:
    """Goods that were given away at no price, at their posted cost."""
    free = [each for each in asked if each.kind == Kind.FREE_GOODS]
    if not free:
        return {}
    goods = Entry.objects.visible_to(actor).filter(
        kind=EntryKind.COGS,
        reverses__isnull=True,
        reversals__isnull=True,
        date__lte=as_of,
        caused_by__agreement_link__agreement__in=free,
    )
    of = F("caused_by__agreement_link__agreement")
    return _sums(goods.values(of=of), "amount", "date", as_of)


def _sums(rows: QuerySet, amount: str, day: str, as_of: date) -> Costs:  # type: ignore[type-arg]
    in_year = Q(**{f"{day}__gt": as_of - YEAR})
    found = rows.annotate(year=Sum(amount, filter=in_year), ever=Sum(amount)).order_by()
    return {row["of"]: (-(row["year"] or NIL), -(row["ever"] or NIL)) for row in found}


def _financing(actor: User, asked: Sequence[Agreement], as_of: date) -> Costs:
    """Time to pay beyond the usual: net sales × days more × financing rate ÷ 365."""
    of = profile()
    late = {
        each.pk: max((each.payment_days or 0) - of.standard_payment_days, 0)
        for each in asked
        if each.kind == Kind.PAYMENT_TERM
    }
    if not any(late.values()):
        return {}
    with connection.cursor() as cursor:
        known = known_customers(actor, "agreement.customer_id")
        cursor.execute(_SALES_WITHIN.format(known=known), [as_of - YEAR, as_of, list(late)])
        rows = cursor.fetchall()
    return {
        agreement: (
            financing(year, late[agreement], of.financing_rate),
            financing(ever, late[agreement], of.financing_rate),
        )
        for agreement, year, ever in rows
    }


def financing(net_sales: Decimal, days: int, rate: Decimal) -> Decimal:
    """What it costs to wait for money, in cents.

    >>> financing(Decimal(73_000), 46, Decimal("0.06"))
    Decimal('552.00')
    """
    return (max(net_sales, NIL) * days * rate / 365).quantize(Decimal("0.01"))


_SALES_WITHIN = """
SELECT agreement.id,
       coalesce(sum(entry.amount) FILTER (WHERE entry.date > %s), 0),
       coalesce(sum(entry.amount), 0)
FROM terms_agreement AS agreement
LEFT JOIN ledger_entry AS entry
       ON entry.customer_id = agreement.customer_id AND entry.kind BETWEEN 10 AND 39
      AND entry.date BETWEEN agreement.valid_from
                         AND least(coalesce(agreement.valid_to, 'infinity'), %s)
WHERE agreement.id = ANY(%s) AND {known}
GROUP BY agreement.id
"""
