"""How long the growth page takes to open, and what it costs to prepare.

Usage: python benchmarks/growth.py [--customers 100000] [--before]

A throw-away cluster: made-up customers with one to ten ledger lines each over three years, an
origin for two of three, a touch and two conversations for each, eight channels with monthly
spending, an owner who knows everybody but a hundred confidential customers, a controller likewise,
and a sales lead whose team serves a fifth. Then each asks for the page 15 times, after two times
that do not count: through Django's whole stack, stepped down to the role behind both walls, in this
process, without a network. Controller and lead ask once more as things stand before the next
preparation: fifty customers were made confidential, ten of them the team's, and the team got fifty
others. Beside it the account's page of the same run, for a measure that a busy machine does not
change. The valuation stands there as one would leave it; no model is fitted. ``--before``: for a
version without stored sums, which has nothing to prepare.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.test import Client
from ground.filling import AS_OF, fill
from ground.trial import throwaway_site
from pages import _settle, _static_files, quantiles

WARM_UP, TIMES = 2, 15


def main(customers: int, *, before: bool) -> None:
    with throwaway_site():
        _static_files()
        people = _filled(customers)
        if not before:
            _prepared(customers, people["owner"])
        _settle()
        print("| who, page | p50 | p95 | of the account's page | CPU | database |")
        print("|---|---:|---:|---:|---:|---:|")
        for who, person in people.items():
            _told(who, person)
        _changed()
        for who, person in list(people.items())[1:]:
            _told(f"{who}, fifty changed", person)


def _told(who: str, person: Any) -> None:
    empty = _opened(person, "/account/")
    for page in ("/growth/", "/growth/?way=first&year=2024"):
        found = _opened(person, page)
        print(f"| {who}, {page} | {found.half:.0f} | {found.most:.0f} "
              f"| {found.half / empty.half:.1f} × | {found.computing:.0f} "
              f"| {found.database:.0f} |", flush=True)  # fmt: skip


def _changed() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in _CHANGES:
            cursor.execute(statement)


@dataclass(frozen=True)
class Opened:
    """Milliseconds: median and 95th percentile, and means of computing and of the statements."""

    half: float
    most: float
    computing: float
    database: float


def _opened(person: Any, address: str) -> Opened:
    from django.conf import settings
    from django.db import connection

    from kundenstamm.kit.postgres.roles import APP

    client, spent, seconds = Client(SERVER_NAME="localhost"), [0.0], []
    client.force_login(person)

    def waited(execute: Any, *statement: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            spent[0] += time.perf_counter() - began

    settings.DATABASE_WALL_ROLE = APP
    try:
        for turn in range(WARM_UP + TIMES):
            if turn == WARM_UP:
                spent[0], computed = 0.0, time.process_time()
            began = time.perf_counter()
            # What is waited for is measured around each statement of these requests only.
            with connection.execute_wrapper(waited):
                answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)
            seconds.append(time.perf_counter() - began)
        computed = time.process_time() - computed
    finally:
        settings.DATABASE_WALL_ROLE = ""
    return Opened(*quantiles(seconds[WARM_UP:]), 1000 * computed / TIMES, 1000 * spent[0] / TIMES)


def _prepared(customers: int, owner: Any) -> None:
    """All of them, then a hundred of whom something was noted; seconds."""
    from kundenstamm.acquisition.models import Arrival, ChannelAge, ChannelMonth, Touch
    from kundenstamm.acquisition.preparing import prepare_all, refresh

    at = datetime.now(UTC)
    began = time.perf_counter()
    prepare_all(actor=owner, at=at)
    whole = time.perf_counter()
    touched = Touch.objects.order_by("pk").values_list("pk", flat=True)[:100]
    Touch.objects.filter(pk__in=list(touched)).delete()
    again = time.perf_counter()
    refresh(actor=owner, at=at)
    part = time.perf_counter()
    sums = ChannelAge.objects.count() + ChannelMonth.objects.count()
    print(f"{customers:,} customers, {Arrival.objects.count():,} arrivals, {sums:,} sums: "
          f"prepared in {whole - began:.1f} s, a hundred refreshed in {part - again:.2f} s\n",
          flush=True)  # fmt: skip


def _filled(customers: int) -> dict[str, Any]:
    from django.db import connection

    from kundenstamm.acquisition.channel_actions import standing
    from kundenstamm.acquisition.models import Channel
    from kundenstamm.acquisition.queries import channels
    from kundenstamm.customers.models import Representative
    from kundenstamm.guard.actions import ensure_owner
    from kundenstamm.guard.models import Role, Team, User

    at = datetime.now(UTC)
    owner = ensure_owner(at=at)
    fill(customers)
    _valued(owner, at)
    for name in ("Messe", "Netz", "Brief", "Verband"):
        Channel.objects.create(name=name)
    there = [standing(each).pk for each in channels()]
    lead = User.objects.create(
        email="greta@example.com", name="Greta", role=Role.SALES_LEAD, created_at=at
    )
    code = Representative.objects.create(code="G", name="Greta", user=lead)
    Team.objects.create(name="Nord").members.set([lead])
    told = {"owner": owner.pk, "day": AS_OF, "channels": there, "code": code.pk}
    with connection.cursor() as cursor:
        for statement in _NOTED:
            cursor.execute(statement, told)
        cursor.execute("VACUUM ANALYZE")
    controller = User.objects.create(
        email="doris@example.com", name="Doris", role=Role.CONTROLLER, created_at=at
    )
    return {"owner": owner, "controller": controller, f"sales lead of {customers // 5:,}": lead}


def _valued(owner: Any, at: datetime) -> None:
    """As a valuation would leave it, without fitting: growth reads a few columns of it."""
    from django.db import connection

    from kundenstamm.lifecycle.models import Estimate, ValuationRun

    run = ValuationRun.objects.create(as_of=AS_OF, actor=owner, made_at=at, finished_at=at)
    told = {
        "run_id": str(run.pk), "customer_id": "customer.id", "first_day": "bought.first",
        "occasions": "coalesce(bought.n, 0)", "lifetime_value": "customer.id % 997",
        "stage": "'regular'", "rank": "customer.id", "why": "'{}'", "stage_reason": "'{}'",
        "alarm_reason": "'{}'",
    }  # fmt: skip
    for field in Estimate._meta.concrete_fields:
        if not field.primary_key and field.column not in told and not field.null:
            told[field.column] = f"'{field.get_default()}'"
    names, values = ", ".join(told), ", ".join(told.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO lifecycle_estimate ({names}) SELECT {values} "
            "FROM customers_customer AS customer LEFT JOIN (SELECT customer_id, min(date) AS first,"
            " count(*) AS n FROM ledger_entry WHERE kind = 10 GROUP BY 1) AS bought"
            " ON bought.customer_id = customer.id"
        )
        cursor.execute("VACUUM ANALYZE")


_OF = "(%(channels)s::bigint[])[1 + customer.id * 7919 %% array_length(%(channels)s::bigint[], 1)]"
_NOTED = (
    "UPDATE customers_customer SET confidential = true WHERE id %% 1000 = 0",
    """INSERT INTO customers_assignment (customer_id, representative_id, starts)
    SELECT id, %(code)s, %(day)s FROM customers_customer WHERE id %% 5 = 0""",
    f"""INSERT INTO acquisition_origin (customer_id, channel_id, said, recorded_by_id, recorded_at)
    SELECT id, {_OF}, 'records', %(owner)s, now() FROM customers_customer AS customer
    WHERE id %% 3 <> 0""",
    f"""INSERT INTO acquisition_touch (key, customer_id, channel_id, day, recorded_by_id,
        recorded_at)
    SELECT gen_random_uuid(), customer.id, {_OF.replace("7919", "104729")},
        first_day - (customer.id %% 40)::int, %(owner)s, now()
    FROM customers_customer AS customer JOIN lifecycle_estimate AS estimate
      ON estimate.customer_id = customer.id WHERE first_day IS NOT NULL""",
    """INSERT INTO care_interaction (key, customer_id, kind, direction, reached, happened_at, day,
        note, note_index, author_id, recorded_at, withdrawn_because, document)
    SELECT gen_random_uuid(), estimate.customer_id, 'call', 'we', true, day, day, '', '',
        %(owner)s, now(), '', ''
    FROM lifecycle_estimate AS estimate, generate_series(0, 1) AS n,
         LATERAL (SELECT first_day - 20 + n * 60 AS day) AS dated WHERE first_day IS NOT NULL""",
    """INSERT INTO acquisition_spending (key, channel_id, day, amount, hours, what, recorded_by_id,
        recorded_at, document)
    SELECT gen_random_uuid(), channel, day::date, 500 + 37 * (channel %% 5), 0, '', %(owner)s,
        now(), '' FROM unnest(%(channels)s::bigint[]) AS channel,
        generate_series(date '2023-01-05', %(day)s::date, interval '1 month') AS day""",
)
_CHANGES = (
    """UPDATE customers_customer SET confidential = true WHERE id IN (
        SELECT id FROM customers_customer WHERE NOT confidential ORDER BY id LIMIT 50)""",
    """INSERT INTO customers_assignment (customer_id, representative_id, starts)
    SELECT c.id, who.id, current_date
    FROM customers_customer AS c JOIN customers_representative AS who ON who.code = 'G'
    WHERE c.id % 5 = 1 ORDER BY c.id DESC LIMIT 50""",
)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--before", action="store_true")
    main(**vars(parser.parse_args()))
