"""How long the chain's pages take on 100,000 links, six deep, beside walking the chain row by row.

Usage: python benchmarks/chain.py [--links 100000] [--naive 3]

A throw-away cluster: made-up customers, each with an estimate as a valuation would leave it (no
ledger behind it: the pages do not read one), every one of them in a chain: five at the top, then
20, 200, 2,000, 20,000, the rest at the bottom; in one of the five chains one customer in ten has a
second supplier. A report of each at the bottom. An owner knows all; representatives serve one of
the second tier (and so everybody behind) or a dealer. The last one's customers are supplied by
others as well, whom that representative does not know, so the stored figures are not for all of
them. A single customer at the bottom, in the chain with second suppliers, is confidential, and was
opened for a controller only: the stored figures do not have him, and so are not for that one. Each
asks for their topmost page 60 times, after five times that do not count: through Django's whole
stack, stepped down to the role behind both walls, in this process, without a network. Beside it the
account's page of the same run, for a measure that a busy machine does not change; the same page
when nothing of the pages before is kept, as it is when it is opened first; while nothing is stored,
so that all is reckoned when it is asked for; and a walk down the chain by the ORM, link by link, as
one would write it first.
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any
from unittest.mock import patch

from django.test import Client
from ground.filling import _CUSTOMERS, AS_OF
from ground.trial import throwaway_site
from pages import _settle, _static_files, answered, quantiles

TIERS = (5, 20, 200, 2_000, 20_000)
SECOND = 50
HEADS = (
    "who, page", "behind", "p50", "p95", "of the account's page", "anew each time: p50", "p95",
    "not stored yet", "ORM",
)  # fmt: skip


def main(links: int, naive: int) -> None:
    with throwaway_site():
        _static_files()
        people = _filled(links)
        _reckoned(people["owner"][0])
        _settle()
        print(f"| {' | '.join(HEADS)} |\n|---|{'---:|' * (len(HEADS) - 1)}")
        rows = []
        for who, (person, top) in people.items():
            empty = _opened(person, "/account/")
            for page in ("/chain/", f"/chain/{top.key}/", f"/chain/{top.key}/below/"):
                name = page.replace(str(top.key), "…")
                with patch("kundenstamm.chain.reader.remembered", lambda _, reckon: reckon()):
                    anew = _opened(person, page)
                taken = (*_opened(person, page), *anew)
                rows.append((f"{who}, {name}", person, top, page, empty, taken))
        _forget()
        for name, person, top, page, empty, (half, most, *anew) in rows:
            live = _opened(person, page, naive)[0]
            orm = _walked(person, top) if page.endswith(f"{top.key}/") else None
            told = f"{half:.0f} | {most:.0f} | {half / empty[0]:.1f} × "
            told += f"| {anew[0]:.0f} | {anew[1]:.0f} | {live:,.0f}"
            walked = f"{orm:,.0f}" if orm else ""
            print(f"| {name} | {_behind(top):,} | {told} | {walked} |", flush=True)


def _opened(person: Any, address: str, times: int = 0) -> tuple[float, float]:
    """Median and 95th percentile, ms."""
    from django.conf import settings

    from kundenstamm.kit.postgres.roles import APP

    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    settings.DATABASE_WALL_ROLE = APP
    try:
        if not times:
            return quantiles(answered(client, lambda _: address))
        seconds = [_once(client, address) for _ in range(times)]
        return 1000 * min(seconds), 1000 * max(seconds)
    finally:
        settings.DATABASE_WALL_ROLE = ""


def _once(client: Client, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return time.perf_counter() - began


def _walked(person: Any, top: Any) -> float:
    """Profit, risk and number behind ``top``, by following each link on its own; ms."""
    from kundenstamm.customers.models import ChainLink
    from kundenstamm.guard.acting import acting_as
    from kundenstamm.lifecycle.models import Estimate
    from kundenstamm.lifecycle.queries.runs import latest_run

    run = latest_run()

    def whole(customer: int) -> Decimal:
        own = Estimate.objects.visible_to(person).get(run=run, customer=customer)
        lower = ChainLink.objects.visible_to(person).filter(upstream=customer)
        return own.year_contribution_3 + sum(
            (whole(each) for each in lower.values_list("downstream", flat=True)), Decimal(0)
        )

    # Of a very large chain a part is walked, and the rest reckoned from it.
    from kundenstamm.chain.models import Standing

    lower = Standing.objects.filter(customer__upstream_links__upstream=top).order_by("members")
    part = lower.first() if _behind(top) > 2_000 else None
    with acting_as(person, at=datetime.now(UTC)):
        began = time.perf_counter()
        whole(part.customer_id if part else top.pk)
        taken = time.perf_counter() - began
    return 1000 * taken * ((_behind(top) + 1) / (part.members + 1) if part else 1)


def _behind(top: Any) -> int:
    from kundenstamm.chain.models import Standing

    return int(Standing.objects.get(customer=top).members)


def _reckoned(owner: Any) -> None:
    from django.utils import timezone

    from kundenstamm.chain.actions import reckon_all
    from kundenstamm.chain.models import Standing

    began = time.perf_counter()
    reckon_all(timezone.localdate(), actor=owner, at=datetime.now(UTC))
    print(f"{Standing.objects.count():,} customers in chains: reckoned and stored in "
          f"{time.perf_counter() - began:.1f} s\n")  # fmt: skip


def _forget() -> None:
    """As after a change, until the job has run; what stands stored is not read then."""
    from kundenstamm.chain.models import Reckoning

    Reckoning.objects.all().delete()


def _filled(links: int) -> dict[str, tuple[Any, Any]]:
    from django.db import connection

    from kundenstamm.customers.models import Assignment, Customer, Representative
    from kundenstamm.guard.actions import ensure_owner
    from kundenstamm.guard.models import Role, User

    at = datetime.now(UTC)
    owner = ensure_owner(at=at)
    _customers(links + TIERS[0], owner, at)
    ids = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_LINKS, [ids, *_edges(len(ids))])
        made = cursor.rowcount
        cursor.execute(_REPORTS, {"day": AS_OF})
        cursor.execute("VACUUM ANALYZE")
    print(f"{made:,} links made, circles looked for, in {time.perf_counter() - began:.1f} s")
    top = Customer.objects.get(pk=ids[0])
    people = {"owner": (owner, top), "controller, one opened": (_confided(owner, at), top)}
    served = (
        ("Anna", "representative of tier 2", TIERS[0] + 1),
        ("Bernd", "representative of a dealer", sum(TIERS[:4]) + 1),
        ("Clara", "representative, shared with others", TIERS[0]),
    )
    for name, says, place in served:
        person = User.objects.create(
            email=f"{name}@example.com", name=name, role=Role.REPRESENTATIVE, created_at=at
        )
        code = Representative.objects.create(code=name, name=name, user=person)
        top = Customer.objects.get(pk=ids[place])
        Assignment.objects.create(customer=top, representative=code, starts=AS_OF)
        people[says] = (person, top)
    return people


def _confided(owner: Any, at: datetime) -> Any:
    """A controller who alone may know of a confidential one in the owner's topmost chain."""
    from kundenstamm.customers.models import Customer, Grant
    from kundenstamm.guard.models import Role, User

    person = User.objects.create(
        email="doris@example.com", name="Doris", role=Role.CONTROLLER, created_at=at
    )
    secret = Customer.objects.order_by("pk")[sum(TIERS)]
    Customer.objects.filter(pk=secret.pk).update(confidential=True)
    Grant.objects.create(
        person=person, customer=secret, kind=Grant.Kind.OPEN, given_by=owner, starts_at=at
    )
    return person


def _customers(number: int, owner: Any, at: datetime) -> None:
    """With a run and an estimate of each; what is not said is as the model's columns begin."""
    from django.db import connection

    from kundenstamm.lifecycle.models import Estimate, ValuationRun

    run = ValuationRun.objects.create(
        as_of=AS_OF, actor=owner, made_at=at, finished_at=at, customers=number
    )
    told = {
        "run_id": str(run.pk), "customer_id": "id", "year_contribution_3": "id % 997 - 90.5",
        "year_contribution_1": "id % 997 + 40", "year_net_revenue": "3 * (id % 997) + 120",
        "expected_contribution": "id % 997", "p_active": "(id % 89) / 90.0", "stage": "'regular'",
        "rank": "id", "why": "'{}'", "stage_reason": "'{}'", "alarm_reason": "'{}'",
    }  # fmt: skip
    for field in Estimate._meta.concrete_fields:
        if not field.primary_key and field.column not in told and not field.null:
            told[field.column] = f"'{field.get_default()}'"
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX customer_pieces")  # of the search, and slow to fill
        cursor.execute(_CUSTOMERS, [number])
        names, values = ", ".join(told), ", ".join(told.values())
        cursor.execute(
            f"INSERT INTO lifecycle_estimate ({names}) SELECT {values} FROM customers_customer"
        )


def _edges(customers: int) -> tuple[list[int], list[int]]:
    """Places of supplier and supplied, from 1 on: each tier spread over the one above."""
    upper, lower, first = [], [], 0
    sizes = [*TIERS, customers - sum(TIERS)]
    for above, size in pairwise(sizes):
        for n in range(size):
            upper.append(first + n % above + 1)
            lower.append(first + above + n + 1)
            if n % SECOND == 0 and above > TIERS[0]:
                # In the same of the five chains: there, places are multiples of five.
                upper.append(first + (n + TIERS[0]) % above + 1)
                lower.append(first + above + n + 1)
        first += above
    return upper, lower


_LINKS = """
WITH numbered AS (SELECT id, n FROM unnest(%s::bigint[]) WITH ORDINALITY AS of (id, n))
INSERT INTO customers_chainlink (upstream_id, downstream_id)
SELECT upper.id, lower.id
FROM unnest(%s::bigint[], %s::bigint[]) AS edge (u, l)
JOIN numbered AS upper ON upper.n = edge.u JOIN numbered AS lower ON lower.n = edge.l
"""
# Of everybody at the bottom a report; one in five thousand is said to have bought of us as well.
_REPORTS = """
WITH source AS (
    INSERT INTO ledger_source (name) VALUES ('Reports') RETURNING id
), invoiced AS (
    UPDATE lifecycle_estimate SET year_net_revenue = 0 WHERE customer_id %% 5000 <> 0
)
INSERT INTO chain_sellthrough (dealer_id, end_customer_id, end_name, first_day, last_day, amount,
    source_id, document, line)
SELECT upstream_id, downstream_id, '', %(day)s::date - 30, %(day)s, 100, source.id, link.id, 1
FROM customers_chainlink AS link, source
WHERE NOT EXISTS (SELECT FROM customers_chainlink WHERE upstream_id = link.downstream_id)
"""

if __name__ == "__main__":
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--links", type=int, default=100_000)
    reader.add_argument("--naive", type=int, default=3)
    main(**vars(reader.parse_args()))
