"""How long a valuation of all customers takes, step by step.

Usage: python benchmarks/valuation.py [customers …]   (default: 10000 100000)

Each size gets a database of its own in a throw-away cluster: customers with one to ten purchases
at their own pace over three years, made by set-based SQL. One run, wall-clock seconds.
"""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from unittest.mock import patch

AS_OF = date(2025, 12, 31)
# What is shown → the function that does it.
STEPS = {
    "read ledger": "kundenstamm.lifecycle.frames.base._lines",
    "read customers": "kundenstamm.lifecycle.frames.base._customers",
    "all of the tables": "kundenstamm.lifecycle.frames.valuation.base",
    "fit": "kundenstamm.lifecycle.frames.valuation.fit",
    "appraise": "kundenstamm.lifecycle.frames.appraisal.appraised",
    "sums": "kundenstamm.lifecycle.frames.valuation.totals",
    "write estimates": "kundenstamm.lifecycle.actions._store",
    "stage history": "kundenstamm.lifecycle.actions._note_changes",
    "forget old runs": "kundenstamm.lifecycle.actions._forget_old",
}


def main(sizes: list[int]) -> None:
    with tempfile.TemporaryDirectory(prefix="kundenstamm-bench-") as home:
        os.environ["KUNDENSTAMM_HOME"] = str(Path(home) / "home")
        Path(home).chmod(0o711)  # PostgreSQL may run as another account
        os.environ.pop("DATABASE_URL", None)
        from kundenstamm.cli.site import SETTINGS, site

        os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS

        columns = {}
        with site():
            for size in sizes:
                lines = fill(size)
                columns[size] = {"ledger lines": f"{lines:,}"} | timed()
                empty()
    print(f"{'seconds':<18}" + "".join(f"{f'{size:,} customers':>20}" for size in columns))
    for row in next(iter(columns.values())):
        print(f"{row:<18}" + "".join(f"{found[row]:>20}" for found in columns.values()))


def fill(customers: int) -> int:
    from django.db import connection

    from kundenstamm.customers import search_functions
    from kundenstamm.guard.actions import ensure_owner

    owner = ensure_owner(at=datetime.now(UTC))
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute("DROP INDEX customer_pieces")
        cursor.execute(_CUSTOMERS, [customers])
        cursor.execute(search_functions.INDEX)
        cursor.execute(_LINES, {"owner": owner.pk})
        lines = cursor.rowcount
        cursor.execute("VACUUM ANALYZE")
    return int(lines)


def timed() -> dict[str, str]:
    from kundenstamm.guard.actions import ensure_owner
    from kundenstamm.lifecycle.actions import value_all

    at = datetime.now(UTC)
    spent = dict.fromkeys(STEPS, 0.0)
    with ExitStack() as stack:
        for name, path in STEPS.items():
            stack.enter_context(_stopwatch(name, path, spent))
        began = time.perf_counter()
        value_all(as_of=AS_OF, actor=ensure_owner(at=at), at=at)
        whole = time.perf_counter() - began
    return {name: f"{seconds:.2f}" for name, seconds in spent.items()} | {"whole": f"{whole:.2f}"}


def _stopwatch(name: str, path: str, spent: dict[str, float]):
    module, function = path.rsplit(".", 1)
    original = getattr(importlib.import_module(module), function)

    def measured(*args: object, **named: object) -> object:
        began = time.perf_counter()
        try:
            return original(*args, **named)
        finally:
            spent[name] += time.perf_counter() - began

    return patch(path, measured)


def empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE customers_customer, ledger_entry, ledger_batch CASCADE")


_CUSTOMERS = """
INSERT INTO customers_customer (key, number, name, kind, link, trade, region, country, postcode,
    city, street, channel, confidential, created_at, withdrawn)
SELECT gen_random_uuid(), (100000 + i)::text, 'Kunde ' || left(md5(i::text), 12), 'company',
    (ARRAY['dealer', 'end_customer', 'wholesaler'])[1 + i %% 3], '', 'Region ' || i %% 17,
    CASE WHEN i %% 50 = 0 THEN 'Österreich' ELSE 'Deutschland' END, (10000 + i %% 89999)::text,
    'Ort ' || i %% 997, '', '', false, now(), false
FROM generate_series(1, %s) AS i
"""

_LINES = """
WITH source AS (
    INSERT INTO ledger_source (name) VALUES ('benchmark')
    ON CONFLICT (name) DO UPDATE SET name = EXCLUDED.name RETURNING id
), batch AS (
    INSERT INTO ledger_batch (key, kind, source_id, file_name, checksum, actor_id, made_at, result)
    SELECT gen_random_uuid(), 'sales', id, '', '', %(owner)s, now(), '{}' FROM source
    RETURNING id, source_id
), made AS (
    SELECT customer.id, n, random() AS dice, date '2023-01-01' + least(1090, customer.id * 7919
        %% 900 + n * (10 + customer.id * 31 %% 60) * (0.5 + random()))::int AS day
    FROM customers_customer AS customer,
         generate_series(0, abs(hashint8(customer.id)) %% 10) AS n
)
INSERT INTO ledger_entry (customer_id, date, kind, amount, document, line, part, revision, currency,
    source_id, batch_id)
SELECT made.id, day, CASE WHEN dice < 0.9 THEN 10 WHEN dice < 0.95 THEN 20 ELSE 51 END,
    CASE WHEN dice < 0.9 THEN round((20 + 480 * random())::numeric, 2)
         ELSE -round((50 * random())::numeric, 2) END,
    'D' || made.id, n, 0, 0, '', source_id, batch.id
FROM made, batch
"""

if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
