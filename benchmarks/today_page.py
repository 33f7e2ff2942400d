"""How long Today takes to open, and what it costs to prepare.

Usage: python benchmarks/today_page.py [--customers 100000]

A throw-away cluster: made-up customers with one to ten ledger lines each, four conversations each
(one customer in twenty spoken to last week), a thousand answers, an owner who knows all, a
representative who serves a fifth and one who serves a hundredth. Then each asks for the page 60
times, after five times that do not count: through Django's whole stack, stepped down to the role
behind both walls, in this process, without a network. Beside it an almost empty page of the same
run (the account's), for a measure that a busy machine does not change; and the same page that reads
every open step and chooses among all of them, as one would write it first: nobody waits for that.
``CPU`` is this process's own, ``database`` what it waited for the statements.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from django.test import Client
from ground.filling import AS_OF, fill
from ground.trial import throwaway_site
from pages import WARM_UP, _settle, _static_files, answered, quantiles

EVERYBODY = 10**9


def main(customers: int) -> None:
    with throwaway_site():
        _static_files()
        people = _filled(customers)
        _prepared(customers, people["owner"])
        _settle()
        print("| who | p50 | p95 | of the account's page | CPU | database | all open steps, p50 |")
        print("|---|---:|---:|---:|---:|---:|---:|")
        for who, person in people.items():
            empty, few = _opened(person, "/account/"), _opened(person, "/today/")
            every = _opened(person, "/today/", EVERYBODY)
            print(f"| {who} | {few.half:.0f} | {few.most:.0f} | {few.half / empty.half:.1f} × "
                  f"| {few.computing:.0f} | {few.database:.0f} | {every.half:.0f} |")  # fmt: skip


@dataclass(frozen=True)
class Opened:
    """Milliseconds: median and 95th percentile, and means of computing and of the statements."""

    half: float
    most: float
    computing: float
    database: float


def _opened(person: Any, address: str, candidates: int | None = None) -> Opened:
    from django.conf import settings
    from django.db import connection

    from kundenstamm.kit.postgres.roles import APP
    from kundenstamm.today import queries

    client, spent = Client(SERVER_NAME="localhost"), [0.0]
    client.force_login(person)

    def waited(execute: Any, *statement: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            spent[0] += time.perf_counter() - began

    settings.DATABASE_WALL_ROLE = APP
    try:
        with (
            patch.object(queries, "CANDIDATES", candidates or queries.CANDIDATES),
            connection.execute_wrapper(waited),
        ):
            began = time.process_time()
            seconds = answered(client, lambda _: address)
            computed = time.process_time() - began
    finally:
        settings.DATABASE_WALL_ROLE = ""
    each = 1000 / (len(seconds) + WARM_UP)
    return Opened(*quantiles(seconds), computed * each, spent[0] * each)


def _prepared(customers: int, owner: Any) -> None:
    """All of them, then a hundred that were touched; seconds."""
    from kundenstamm.customers.models import Customer
    from kundenstamm.today.models import Step
    from kundenstamm.today.preparing import prepare_all, refresh

    at = datetime.now(UTC)
    began = time.perf_counter()
    prepare_all(AS_OF, actor=owner, at=at)
    whole = time.perf_counter()
    touched = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[:100])
    refresh(touched, actor=owner, at=at)
    part = time.perf_counter()
    print(f"{customers:,} customers, {Step.objects.count():,} steps: prepared in "
          f"{whole - began:.1f} s, a hundred refreshed in {part - whole:.1f} s\n")  # fmt: skip


def _filled(customers: int) -> dict[str, Any]:
    from django.db import connection

    from kundenstamm.customers.models import Representative
    from kundenstamm.guard.actions import ensure_owner
    from kundenstamm.guard.models import Role, User
    from kundenstamm.lifecycle.actions import value_all

    at = datetime.now(UTC)
    owner = ensure_owner(at=at)
    fill(customers)
    value_all(as_of=AS_OF, actor=owner, at=at)
    people = {"owner": owner}
    with connection.cursor() as cursor:
        for name, part in (("Anna", 5), ("Bernd", 100)):
            person = User.objects.create(
                email=f"{name}@example.com", name=name, role=Role.REPRESENTATIVE, created_at=at
            )
            code = Representative.objects.create(code=name, name=name, user=person)
            cursor.execute(_SERVED, [code.pk, AS_OF, part])
            people[f"representative of {customers // part:,}"] = person
        cursor.execute(_CONVERSATIONS, {"owner": owner.pk, "day": AS_OF})
        cursor.execute(_ANSWERS, {"owner": owner.pk})
        cursor.execute("VACUUM ANALYZE")
    return people


_SERVED = """
INSERT INTO customers_assignment (customer_id, representative_id, starts)
SELECT id, %s, %s FROM customers_customer WHERE id %% %s = 0
"""
_CONVERSATIONS = """
INSERT INTO care_interaction (key, customer_id, kind, direction, reached, happened_at, day, note,
    note_index, author_id, recorded_at, withdrawn_because, document)
SELECT gen_random_uuid(), id, 'call', 'we', true, day, day, '', '', %(owner)s, now(), '', ''
FROM customers_customer, generate_series(0, 3) AS n,
     LATERAL (SELECT CASE WHEN n = 0 AND id %% 20 = 0 THEN current_date - 7
         ELSE %(day)s::date - (20 + id * 7919 %% 300 + n * 60)::int END AS day) AS dated
"""
_ANSWERS = """
INSERT INTO today_answer (key, customer_id, kind, by_id, at, day, rests_until, cause, minutes,
    cost_of_waiting, outcome, because, because_index)
SELECT gen_random_uuid(), id, 'not_now', %(owner)s, now(), current_date - 1, current_date + 20,
    'late', 15, 1, '', 'k1.x', '' FROM customers_customer ORDER BY id * 7919 %% 10007 LIMIT 1000
"""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=100_000)
    main(parser.parse_args().customers)
