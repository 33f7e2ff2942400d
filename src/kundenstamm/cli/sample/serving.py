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

DIARY = "Sample company, diary"
# Code → name, pool, kind, minutes (base, per line), what it is derived from. Work that somebody
# stopped has its minutes; the equation is for what is noted without.
TYPES = {
    "order": ("Auftrag erfassen", "Innendienst", EntryKind.ORDER, TYPING, DerivedFrom.ORDERS),
    "pack": ("Kommissionieren und packen", "Lager und Versand", EntryKind.DELIVERY, PICKING,
             DerivedFrom.DELIVERIES),
    "visit": ("Besuch", "Außendienst", EntryKind.VISIT, (80.0, None), DerivedFrom.NOTHING),
    "call": ("Telefonat", "Innendienst", EntryKind.SUPPORT, (12.0, None), DerivedFrom.NOTHING),
    "complaint": ("Reklamation bearbeiten", "Kundendienst", EntryKind.COMPLAINT, (60.0, None),
                  DerivedFrom.NOTHING),
}  # fmt: skip


def load_serving(company: SampleCompany, *, as_of: date, actor: User, at: datetime) -> None:
    """Pools, kinds of work, what was done and what was paid late; then all finished months."""
    months = _months(company, as_of)
    _enter_pools(company, months, actor, at)
    _enter_types(actor, at)
    _load_activities(company)
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


def _load_activities(company: SampleCompany) -> None:
    import polars as pl

    noted = [int(TYPES[code][2]) for code in ("visit", "call", "complaint")]
    done = company.service_costs.filter(pl.col("kind").is_in(noted))
    columns = "customer text, date date, kind smallint, minutes numeric(12,3), document text"
    stage(
        "sample_activity", done.select("customer", "date", "kind", "minutes", "document"), columns
    )
    _insert(
        """
        INSERT INTO serving_activity
            (customer_id, type_id, date, minutes, drivers, source_id, document, line)
        SELECT customer.id, type.id, made.date, made.minutes, '{}', %s, made.document, 1
        FROM sample_activity AS made
        JOIN customers_customer AS customer ON customer.number = made.customer
        JOIN serving_activitytype AS type ON type.kind = made.kind
        ORDER BY made.date, made.document
        """,
        DIARY,
    )


def _load_payments(company: SampleCompany) -> None:
    columns = "customer text, document text, due date, paid date, amount numeric(18,4)"
    owed: pl.DataFrame = company.payments.filter(company.payments["amount"] > 0)
    stage("sample_payment", owed.drop("days_late"), columns)
    _insert(
        """
        INSERT INTO serving_payment (customer_id, due, paid, amount, source_id, document, line)
        SELECT customer.id, made.due, made.paid, made.amount, %s, made.document, 1
        FROM sample_payment AS made
        JOIN customers_customer AS customer ON customer.number = made.customer
        ORDER BY made.due, made.document
        """,
        SALES.source,
    )


def _insert(statement: str, source: str) -> None:
    found, _made = Source.objects.get_or_create(name=source)
    with connection.cursor() as cursor:
        cursor.execute(statement, [found.pk])
