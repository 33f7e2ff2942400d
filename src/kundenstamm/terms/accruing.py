"""Bonuses are owed month by month, long before the note comes: what should stand, exactly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q

from kundenstamm.kit.months import Month
from kundenstamm.ledger.models import EntryKind
from kundenstamm.terms.models import Agreement, AgreementEntry, Kind
from kundenstamm.terms.recognising import ACCRUED, accrued_source
from kundenstamm.terms.rules import earned
from kundenstamm.terms.years import Year, year_of_note

if TYPE_CHECKING:
    import polars as pl

NIL = Decimal(0)
Row = tuple[int, int, date, int, Decimal]


def bonuses(year: Year) -> list[Agreement]:
    """Bonus agreements that hold at some time in a year."""
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gte=year.first)
    found = Agreement.objects.filter(lasting, kind=Kind.BONUS, valid_from__lte=year.last)
    return list(found.select_related("product").prefetch_related("tiers").order_by("pk"))


def month_accrued(year: Year, month: Month) -> list[Row]:
    """What the month's document should hold: all that is owed by its end, less what stands."""
    agreements = bonuses(year)
    owed = _owed(agreements, year, month)
    before = _accrued_before(year, month)
    rows = []
    for each in agreements:
        amount = -owed[each.pk] - before.get(each.pk, NIL)
        if amount:
            rows.append((each.pk, each.customer_id, month.last, int(EntryKind.BONUS), amount))
    return rows


def _owed(agreements: list[Agreement], year: Year, month: Month) -> dict[int, Decimal]:
    """The bonus earned by the end of a month, at the tier that the year is expected to reach."""
    spans = [
        (each, max(each.valid_from, year.first), min(each.valid_to or date.max, month.last))
        for each in agreements
    ]
    sales = net_sales(spans)
    so_far = net_sales([(each, year.first, month.last) for each in agreements])
    last_year = net_sales([(each, year.before.first, year.before.last) for each in agreements])
    over = month.last >= year.last
    owed = {}
    for each in agreements:
        ended = over or (each.valid_to is not None and each.valid_to <= month.last)
        volume = so_far[each.pk] if ended else max(so_far[each.pk], last_year[each.pk])
        owed[each.pk] = earned(tiers_of(each), volume, sales[each.pk])
    return owed


def tiers_of(agreement: Agreement) -> list[tuple[Decimal, Decimal]]:
    """A single rate is a tier from nil on."""
    if agreement.rate is not None:
        return [(NIL, agreement.rate)]
    return [tier.pair for tier in agreement.tiers.all()]


def net_sales(spans: Iterable[tuple[Agreement, date, date]]) -> dict[int, Decimal]:
    """Sales less returns and reductions within each agreement's scope, bonuses left aside."""
    asked = list(spans)
    with connection.cursor() as cursor:
        cursor.execute(
            _NET_SALES,
            [
                [each.pk for each, _first, _last in asked],
                [first for _each, first, _last in asked],
                [last for _each, _first, last in asked],
            ],
        )
        return dict(cursor.fetchall())


_NET_SALES = """
SELECT agreement.id, coalesce(sum(entry.amount), 0)
FROM unnest(%s::bigint[], %s::date[], %s::date[]) AS span (id, first, last)
JOIN terms_agreement AS agreement ON agreement.id = span.id
LEFT JOIN (
    ledger_entry AS entry
    LEFT JOIN ledger_entry AS sold ON sold.id = entry.caused_by_id
    LEFT JOIN ledger_product AS product
           ON product.id = coalesce(entry.product_id, sold.product_id)
) ON entry.customer_id = agreement.customer_id AND entry.date BETWEEN span.first AND span.last
 AND entry.kind BETWEEN 10 AND 39 AND entry.kind <> 32
 AND (agreement.product_id IS NULL OR product.id = agreement.product_id)
 AND (agreement.category_id IS NULL OR product.category_id = agreement.category_id)
GROUP BY agreement.id
"""


def _accrued_before(year: Year, month: Month) -> dict[int, Decimal]:
    """What earlier months of the year hold, as it acts on profit."""
    return accrued(year.first, month.first - timedelta(days=1), "____-__")


def accrued(first: date, last: date, document: str) -> dict[int, Decimal]:
    """Sums by agreement of the accruals' documents like ``document``, dated within a span."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line, sum(amount) FROM ledger_entry WHERE source_id = %s"
            " AND date BETWEEN %s AND %s AND document LIKE %s GROUP BY line",
            [accrued_source(), first, last, document],
        )
        return dict(cursor.fetchall())


def accrued_months(year: Year) -> list[Month]:
    """The months of a year that have been accrued."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT document FROM ledger_entry WHERE source_id = %s"
            " AND date BETWEEN %s AND %s AND document LIKE '____-__' ORDER BY document",
            [accrued_source(), year.first, year.last],
        )
        return [Month.parse(document) for (document,) in cursor.fetchall()]


@dataclass(frozen=True)
class Note:
    """A bonus that was really credited."""

    agreement: Agreement
    day: date
    amount: Decimal


def notes(year: Year, starts_in: int) -> dict[int, list[Note]]:
    """Real notes for a year, by agreement."""
    # A settlement is about the whole base; on the site the second wall narrows it.
    links = (
        AgreementEntry.objects.filter(
            agreement__kind=Kind.BONUS,
            entry__kind=EntryKind.BONUS,
            entry__reversals__isnull=True,
            entry__date__gte=year.first,
            entry__date__lte=Year(year.first.replace(year=year.first.year + 1)).last,
        )
        .exclude(entry__source__name=ACCRUED)
        .select_related("agreement", "entry")
        .order_by("entry__date", "entry_id")
    )
    found: dict[int, list[Note]] = {}
    for link in links:
        if year_of_note(link.entry.date, link.agreement.valid_from, starts_in) == year:
            note = Note(link.agreement, link.entry.date, link.entry.amount)
            found.setdefault(link.agreement_id, []).append(note)
    return found


def settled(year: Year, starts_in: int) -> list[Row]:
    """What notes leave of the year's accruals: the opposite of what they stand for.

    A note of the year's last month or later settles all that was accrued, an earlier one as much
    as it credits.
    """
    owed = accrued(year.first, year.last, "____-__")
    rows = []
    for agreement, paid in notes(year, starts_in).items():
        standing = -owed.get(agreement, NIL)
        final = paid[-1].day >= year.last_month.first
        credited = -sum((note.amount for note in paid), NIL)
        taken = standing if final else min(standing, credited)
        if taken:
            who = paid[-1].agreement.customer_id
            rows.append((agreement, who, paid[-1].day, int(EntryKind.BONUS), taken))
    return rows


def as_entries(rows: list[Row]) -> pl.DataFrame:
    """As `ledger.actions.post_whole` takes them."""
    import polars as pl

    columns: dict[str, Any] = {
        "line": pl.Int64, "customer_id": pl.Int64, "date": pl.Date, "kind": pl.Int64,
        "amount": pl.Decimal(18, 4),
    }  # fmt: skip
    return pl.DataFrame(rows, columns, orient="row")
