"""How many sales lines a second an import posts, beside PostgreSQL's own bare ``COPY``.

Usage: python benchmarks/import_lines.py [--lines 1000000]

A made-up file (20,000 customers, 2,000 products, 5 % returns, documents of five numbered lines) is
imported into an empty throw-away cluster by the action behind `kundenstamm import`; only the
valuation that follows it is left out. Then the very entries it left in the ledger are copied into
a table of the same columns, constraints and indexes, which checks the customer, too; and a part of
them is written by Django's ``bulk_create``. Wall-clock seconds of one run, commits included.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import polars as pl
from ground.trial import throwaway_site, timed

BULK, BULK_PIECE = 30_000, 1_000
# What is shown → the functions that do it; the second kind lies within another step.
STEPS = {
    "read": "kundenstamm.importers.actions.prepare",
    "check": "kundenstamm.importers.actions.examine",
    "identify": "kundenstamm.importers.actions.identified",
    "post": "kundenstamm.ledger.actions.post_lines",
}
STAGE = {"stage": "kundenstamm.ledger.actions._stage"}


def main(lines: int) -> None:
    with throwaway_site() as folder:
        file = folder / "lines.csv"
        made_up(lines).write_csv(file)
        rows = [*imported(file, lines), copied(), bulk_created()]
    print("| step | rows | seconds | rows/s | of bare COPY |")
    print("|---|---:|---:|---:|---:|")
    bare = next(count / seconds for name, count, seconds in rows if name == "bare COPY")
    for name, count, seconds in rows:
        rate = count / seconds
        print(f"| {name} | {count:,} | {seconds:.2f} | {rate:,.0f} | {rate / bare:.2f} |")


def made_up(lines: int) -> pl.DataFrame:
    """The file: every number of it follows from the row's."""
    n = pl.int_range(lines)
    document = n // 5
    hashed = n.hash(7)
    back = hashed % 20 == 0
    quantity = (hashed // 20 % 12 + 1).cast(pl.Int64) * pl.when(back).then(-1).otherwise(1)
    price = ((hashed // 240 % 20_000).cast(pl.Decimal(18, 2)) + 50) / Decimal(100)
    day = pl.lit(date(2023, 1, 1)) + pl.duration(days=document.hash(3) % 1_000)
    return pl.select(
        Kundennummer="K" + (document.hash(1) % 20_000 + 10_000).cast(pl.String),
        Belegdatum=day,
        Belegnummer="R" + (document + 1_000_000).cast(pl.String),
        Position=n % 5 + 1,
        Artikelnummer="A" + (n.hash(2) % 2_000 + 1_000).cast(pl.String),
        Menge=quantity,
        Nettobetrag=(quantity.cast(pl.Decimal(18, 2)) * price).cast(pl.Decimal(18, 2)),
    )


def imported(file: Path, lines: int) -> list[tuple[str, int, float]]:
    """The import's steps and their sum."""
    from kundenstamm.guard.actions import ensure_owner
    from kundenstamm.importers import actions
    from kundenstamm.importers.examining import Wish

    at = datetime.now(UTC)
    owner = ensure_owner(at=at)
    with patch.object(actions, "value_after"):
        whole, spent = timed(
            lambda: actions.load(Wish(file), "benchmark", actor=owner, at=at), STEPS | STAGE
        )
    assert _posted() == lines, f"{_posted()} of {lines} lines were posted"
    rest = whole - sum(spent[name] for name in STEPS)
    shown = {
        "read": spent["read"],
        "check": spent["check"],
        "identify": spent["identify"],
        "stage": spent["stage"],
        "post": spent["post"] - spent["stage"],
        "result, commit": rest,
        "whole import": whole,
    }
    return [(name, lines, seconds) for name, seconds in shown.items()]


def copied() -> tuple[str, int, float]:
    """The same entries by ``COPY`` into a twin of the ledger, in one transaction."""
    from django.db import connection

    with connection.cursor() as cursor:
        entries = io.BytesIO()
        with cursor.copy("COPY ledger_entry TO STDOUT") as out:
            for piece in out:
                entries.write(piece)
        cursor.execute("CREATE TABLE twin (LIKE ledger_entry INCLUDING ALL)")
        cursor.execute(
            "ALTER TABLE twin ADD FOREIGN KEY (customer_id) REFERENCES customers_customer "
            "DEFERRABLE INITIALLY DEFERRED"
        )

        def copy() -> None:
            entries.seek(0)
            with cursor.copy("COPY twin FROM STDIN") as into:
                while piece := entries.read(1 << 20):
                    into.write(piece)

        seconds = _transaction(copy)
        cursor.execute("SELECT count(*) FROM twin")
        return "bare COPY", cursor.fetchone()[0], seconds


def bulk_created() -> tuple[str, int, float]:
    """Some of the entries, under other document numbers, by Django's own means."""
    from kundenstamm.ledger.models import Entry

    found = list(Entry.objects.order_by("id").values()[:BULK])

    def create() -> None:
        entries = (
            Entry(**(row | {"id": None, "document": f"B{row['document']}"})) for row in found
        )
        Entry.objects.bulk_create(entries, batch_size=BULK_PIECE)

    return "bulk_create (a part)", len(found), _transaction(create)


def _transaction(work: Callable[[], None]) -> float:
    from django.db import transaction

    began = time.perf_counter()
    with transaction.atomic():
        work()
    return time.perf_counter() - began


def _posted() -> int:
    from kundenstamm.ledger.models import Entry

    return Entry.objects.count()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    main(parser.parse_args().lines)
