"""How long a month with a million activities takes to allocate, beside adding up the same rows.

Usage: python benchmarks/allocation.py [--activities 1000000] [--customers 100000]

Two pools with room to spare, three types of activity; half of the activities have stopped minutes,
the others an equation of a base and one driver with up to 30 units. Made in an empty throw-away
cluster. Beside the run stands the bare sum over the same rows that PostgreSQL does in one
statement: minutes times rate per customer, nothing exact, nothing posted. Then the run again after
one correction in a thousand. Wall-clock seconds of one run, commits included.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

from ground.trial import throwaway_site, timed

AT = datetime(2026, 6, 1, tzinfo=UTC)
STEPS = {
    "derive": "kundenstamm.serving.actions.derive",
    "read and cost": "kundenstamm.serving.actions.costed",
    "post": "kundenstamm.serving.actions.post_whole",
    "check": "kundenstamm.serving.actions._check",
}


def main(activities: int, customers: int) -> None:
    with throwaway_site():
        owner = made_up(activities, customers)
        bare = seconds_of(bare_sum)
        rows = [("bare sum per customer", bare), *allocated(owner, "first run")]
        corrected = correct()
        rows += allocated(owner, f"again, {corrected:,} corrected")
    print("| step | activities | seconds | × bare sum |")
    print("|---|---:|---:|---:|")
    for name, seconds in rows:
        print(f"| {name} | {activities:,} | {seconds:.2f} | {seconds / bare:.1f} |")


def made_up(activities: int, customers: int) -> object:
    """Every value follows from the row's number."""
    from django.db import connection

    from kundenstamm.guard.actions import ensure_owner
    from kundenstamm.kit.months import Month
    from kundenstamm.ledger.models import EntryKind, Source
    from kundenstamm.serving.actions import enter_activity_type, enter_pool_month

    owner = ensure_owner(at=AT)
    may, by = Month(date(2026, 5, 1)), {"actor": owner, "at": AT}
    # Enough for all of them: a pool that is overloaded charges everybody anew with each correction.
    minutes = Decimal(activities * 75)
    office = enter_pool_month("Office", may, Decimal(900_000), minutes, **by).pool
    field = enter_pool_month("Field", may, Decimal(2_100_000), minutes, **by).pool
    lines = {"lines": Decimal("1.5")}
    enter_activity_type("order", office, EntryKind.ORDER, Decimal(4), lines, **by)
    enter_activity_type("call", office, EntryKind.SUPPORT, Decimal(12), lines, **by)
    enter_activity_type("visit", field, EntryKind.VISIT, Decimal(30), lines, **by)
    source = Source.objects.create(name="benchmark")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_customer (key, number, name, kind, link, trade, region, country,"
            " postcode, city, street, channel, confidential, created_at, withdrawn)"
            " SELECT gen_random_uuid(), 'K' || n, 'K' || n, 'company', '', '', '', '', '', '', '',"
            " '', false, %s, false FROM generate_series(1, %s) AS n",
            [AT, customers],
        )
        cursor.execute(
            """
            INSERT INTO serving_activity
                (customer_id, type_id, date, minutes, drivers, source_id, document, line)
            SELECT buyer.id, types.ids[1 + n %% 3], date '2026-05-01' + (n / 3 %% 31)::int,
                   CASE WHEN n %% 2 = 0 THEN (n %% 9000) / 100.0 END,
                   CASE WHEN n %% 2 = 0 THEN '{}'::jsonb
                        ELSE jsonb_build_object('lines', n / 7 %% 30) END,
                   %s, 'D' || n, 1
            FROM generate_series(1, %s) AS n
            JOIN customers_customer AS buyer ON buyer.number = 'K' || (n * 7919::bigint %% %s + 1),
                 (SELECT array_agg(id ORDER BY id) AS ids FROM serving_activitytype) AS types
            """,
            [source.pk, activities, customers],
        )
        assert cursor.rowcount == activities
        cursor.execute("ANALYZE serving_activity")
    return owner


def bare_sum() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT activity.customer_id, sum(coalesce(activity.minutes, equation.base_minutes +
                   coalesce((activity.drivers ->> 'lines')::numeric, 0) * 1.5) * 0.05)
            FROM serving_activity AS activity
            JOIN serving_equation AS equation ON equation.type_id = activity.type_id
            WHERE activity.date BETWEEN '2026-05-01' AND '2026-05-31'
            GROUP BY 1
            """
        )
        cursor.fetchall()


def allocated(owner: object, name: str) -> list[tuple[str, float]]:
    from kundenstamm.kit.months import Month
    from kundenstamm.serving.actions import allocate

    made = []

    def work() -> None:
        made.append(allocate(Month(date(2026, 5, 1)), actor=owner, at=AT))  # type: ignore[arg-type]

    whole, spent = timed(work, STEPS)
    found = made[0].result
    told = f"{name}, whole ({found['new']:,} entries new, {found['changed']:,} changed)"
    return [*((f"{name}: {step}", spent[step]) for step in STEPS), (told, whole)]


def correct() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE serving_activity SET minutes = 77 WHERE id %% 1000 = 0", [])
        return int(cursor.rowcount)


def seconds_of(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--activities", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=100_000)
    asked = parser.parse_args()
    main(asked.activities, asked.customers)
