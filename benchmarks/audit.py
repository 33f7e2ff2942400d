"""What the audit costs: noting reads and writes, sealing, verifying.

Usage: python benchmarks/audit.py [--customers 20000] [--entries 200000]

Noting is measured beside what one would otherwise do: a plain log table written by Django, and the
usual recipe of a trigger that keeps each row as JSON. All ways are measured in turns. Sealing and
verifying are measured on so many entries at once; their digests alone, without any database, stand
beside them.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ground.filling import fill
from ground.trial import throwaway_site

READS, WRITES, ROUNDS = 2_000, 300, 7
AT = datetime(2026, 1, 1, tzinfo=UTC)


def main(customers: int, entries: int) -> None:
    with throwaway_site() as folder:
        from django.conf import settings

        settings.AUDIT_TIPS = str(folder / "tips.jsonl")
        fill(customers)
        _statement(_PLAIN_LOG)
        print("| what | per second | ratio |")
        print("|---|---:|---:|")
        _reads()
        _writes(customers)
        _chain(entries)


def _reads() -> None:
    """One read a transaction, as a page does it."""
    from django.db import transaction

    from kundenstamm.guard.audit import note_read

    def noted() -> None:
        for n in range(READS):
            with transaction.atomic():
                note_read("customer", [n + 1], actor=None, at=AT)  # type: ignore[arg-type]

    def logged() -> None:
        for n in range(READS):
            with transaction.atomic():
                _statement(
                    "INSERT INTO plain_log (at, actor, what, customer) VALUES (now(), 1, %s, %s)",
                    ["customer", n + 1],
                )

    plain, audited = _in_turns(logged, noted)
    _row("read, plain row of a log", READS / plain)
    _row("read, audited", READS / audited, audited / plain)


def _writes(customers: int) -> None:
    """Changing one customer a statement, and all in one statement."""

    def singly() -> None:
        for n in range(WRITES):
            _statement("UPDATE customers_customer SET trade = trade || '.' WHERE id = %s", [n + 1])

    def at_once() -> None:
        _statement("UPDATE customers_customer SET channel = left(channel || '.', 50)")

    for name, work, rows in (
        ("one by one", singly, WRITES),
        ("in one statement", at_once, customers),
    ):
        none, ours, usual = _in_turns(
            _with(work, []), _with(work, ["audit_update"]), _with(work, ["usual_audit"])
        )
        _row(f"change of a customer {name}, no trigger", rows / none)
        _row(f"{name}, audited", rows / ours, ours / none)
        _row(f"{name}, usual recipe: each row as JSON", rows / usual, usual / none)


def _with(work: Callable[[], None], firing: list[str]) -> Callable[[], None]:
    def measured() -> None:
        work()

    measured.firing = firing  # type: ignore[attr-defined]
    return measured


def _chain(entries: int) -> None:
    from kundenstamm.guard.audit import chain

    chain.seal(at=AT)
    _statement(
        "SELECT audit_note('read', 'customer', '{}', ARRAY[n], '{}')"
        " FROM generate_series(1, %s) AS n",
        [entries],
    )
    began = time.perf_counter()
    sealed = chain.seal(at=AT)
    sealing = time.perf_counter() - began
    began = time.perf_counter()
    verdict = chain.verify()
    verifying = time.perf_counter() - began
    assert sealed == entries
    assert verdict.broken is None
    alone = _digests_alone(entries)
    _row("digests alone, no database", entries / alone)
    _row("sealing", entries / sealing, sealing / alone)
    _row("verifying", verdict.links / verifying, verifying / verdict.links * entries / alone)


def _digests_alone(entries: int) -> float:
    text, previous = "x" * 150, bytes(32)
    began = time.perf_counter()
    for n in range(entries):
        previous = hashlib.sha256(previous + f"{text}{n}".encode()).digest()
    return time.perf_counter() - began


def _in_turns(*ways: Callable[[], None]) -> list[float]:
    """Median seconds of each way."""
    spent: list[list[float]] = [[] for _ in ways]
    for _ in range(ROUNDS):
        for times, way in zip(spent, ways, strict=True):
            _arm(getattr(way, "firing", None))
            began = time.perf_counter()
            way()
            times.append(time.perf_counter() - began)
    return [statistics.median(times) for times in spent]


def _arm(firing: list[str] | None) -> None:
    if firing is None:
        return
    for trigger in ("audit_update", "usual_audit"):
        how = "ENABLE" if trigger in firing else "DISABLE"
        _statement(f"ALTER TABLE customers_customer {how} TRIGGER {trigger}")


def _statement(statement: str, values: Any = None) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _row(name: str, rate: float, ratio: float | None = None) -> None:
    print(f"| {name} | {rate:,.0f} | {'' if ratio is None else f'{ratio:.2f}'} |")


_PLAIN_LOG = """
CREATE TABLE plain_log (id bigserial PRIMARY KEY, at timestamptz, actor bigint, what text,
    customer bigint);
CREATE TABLE usual_log (id bigserial PRIMARY KEY, at timestamptz, table_name text, before jsonb,
    after jsonb);
CREATE FUNCTION usual_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO usual_log (at, table_name, before, after)
    VALUES (clock_timestamp(), TG_TABLE_NAME, to_jsonb(OLD), to_jsonb(NEW));
    RETURN NULL;
END $$;
CREATE TRIGGER usual_audit AFTER UPDATE ON customers_customer
FOR EACH ROW EXECUTE FUNCTION usual_audit();
"""

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--entries", type=int, default=200_000)
    given = parser.parse_args()
    main(given.customers, given.entries)
