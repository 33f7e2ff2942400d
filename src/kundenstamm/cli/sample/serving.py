"""What serving the sample company's customers took, and its allocation month by month."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection

from kundenstamm.cli.sample.books import SALES
from kundenstamm.cli.sample.staging import stage
from kundenstamm.guard.models import User
from kundenstamm.kit.months import Month
from kundenstamm.ledger.models import EntryKind, Source
from kundenstamm.serving.actions import allocate, enter_activity_type, enter_pool_month
from kundenstamm.serving.models import DerivedFrom
from kundenstamm.worth.activities import PRACTICAL
from kundenstamm.worth.synthetic.service import PICKING, TYPING

if TYPE_CHECKING:
    import polars as pl

    from kundenstamm.worth.synthetic import SampleCompany

# Code → name, pool, kind, minutes (base, per line), what it is derived from. Work that somebody
# stopped has its minutes; the equation is for what is recorded without.
TYPES = {
    "order": ("Auftrag erfassen", "Innendienst", EntryKind.ORDER, TYPING, DerivedFrom.ORDERS),
    "pack": ("Kommissionieren und packen", "Lager und Versand", EntryKind.DELIVERY, PICKING,
             DerivedFrom.DELIVERIES),
    "visit": ("Besuch", "Außendienst", EntryKind.VISIT, (80.0, None), DerivedFrom.VISITS),
    "call": ("Telefonat", "Innendienst", EntryKind.SUPPORT, (12.0, None), DerivedFrom.CALLS),
    "complaint": ("Reklamation bearbeiten", "Kundendienst", EntryKind.COMPLAINT, (60.0, None),
                  DerivedFrom.COMPLAINTS),
}  # fmt: skip


def load_serving(company: SampleCompany, *, as_of: date, actor: User, at: datetime) -> None:
    """Pools, kinds of work and what was paid late; then all finished months."""
    months = _months(company, as_of)
    _enter_pools(company, months, actor, at)
    _enter_types(actor, at)
    _load_payments(company)
    for month in months:
        if month.last <= as_of:
            allocate(month, actor=actor, at=at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ledger_entry")


def _months(company: SampleCompany, as_of: date) -> list[Month]:
    first: date = company.sales["date"].min()  # type: ignore[assignment]  # of a date column
    months = [Month.of(first)]
    while months[-1].last < as_of:
        months.append(months[-1].after)
    return months


def _enter_pools(company: SampleCompany, months: list[Month], actor: User, at: datetime) -> None:
    for month in months:
        for name, cost, capacity in company.pools.select(
            "name", "monthly_cost", "capacity_minutes"
        ).iter_rows():
            enter_pool_month(
                name, month, Decimal(cost), Decimal(capacity) / PRACTICAL, actor=actor, at=at
            )


def _enter_types(actor: User, at: datetime) -> None:
    from kundenstamm.serving.models import Pool

    pools = {pool.name: pool for pool in Pool.objects.all()}
    for code, (name, pool, kind, (base, per_line), derived) in TYPES.items():
        drivers = {} if per_line is None else {"lines": Decimal(str(per_line))}
        enter_activity_type(
            code, pools[pool], kind, Decimal(str(base)), drivers,
            name=name, derived_from=derived, actor=actor, at=at,
        )  # fmt: skip


def _load_payments(company: SampleCompany) -> None:
    columns = "customer text, document text, due date, paid date, amount numeric(18,4)"
    owed: pl.DataFrame = company.payments.filter(company.payments["amount"] > 0)
    stage("sample_payment", owed.drop("days_late"), columns)
    source, _made = Source.objects.get_or_create(name=SALES.source)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO serving_payment (customer_id, due, paid, amount, source_id, document, line)
            SELECT customer.id, made.due, made.paid, made.amount, %s, made.document, 1
            FROM sample_payment AS made
            JOIN customers_customer AS customer ON customer.number = made.customer
            ORDER BY made.due, made.document
            """,
            [source.pk],
        )
