"""What the two walls around the customer list cost.

Usage: python benchmarks/walls.py [--customers 200000]

The same pages are asked for, by the owner and by a representative of 300 customers: without any
wall, with need-to-know in the queries only, and with row-level policies below as well. The three
are measured in turns, request by request, so that all of them get the machine's noise alike.
Medians in milliseconds, of 60 requests after five that do not count.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from django.test import Client
from ground.filling import AS_OF, fill
from ground.trial import throwaway_site

WARM_UP, MEASURED, OWN = 5, 60, 300
WALLS = ("none", "queries", "queries and policies")
SEARCHES = ("Steinhofer", "Sanitär", "werkz", "1004711", "Lindenmüller Elektro")


def main(customers: int) -> None:
    with throwaway_site():
        owner, representative = _filled(customers)
        print("| who | page | no wall | queries | + policies | ratio |")
        print("|---|---|---:|---:|---:|---:|")
        for who, person in (("owner", owner), ("representative", representative)):
            for page, addresses in _pages(person).items():
                none, queries, both = _measured(person, addresses)
                print(
                    f"| {who} | {page} | {none:.1f} | {queries:.1f} | {both:.1f} "
                    f"| {both / none:.2f} |"
                )


def _filled(customers: int) -> tuple[Any, Any]:
    from django.db import connection

    from kundenstamm.customers.models import Assignment, Customer, Representative
    from kundenstamm.guard.actions import ensure_owner
    from kundenstamm.guard.models import Role, User
    from kundenstamm.lifecycle.actions import value_all

    at = datetime.now(UTC)
    owner = ensure_owner(at=at)
    fill(customers)
    value_all(as_of=AS_OF, actor=owner, at=at)
    anna = User.objects.create(
        email="anna@example.com", name="Anna", role=Role.REPRESENTATIVE, created_at=at
    )
    code = Representative.objects.create(code="A", name="Anna", user=anna)
    step = max(customers // OWN, 1)
    own = Customer.objects.order_by("pk").values_list("pk", flat=True)[::step]
    Assignment.objects.bulk_create(
        Assignment(customer_id=pk, representative=code, starts=AS_OF) for pk in own
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    from kundenstamm.cli.serve import collect_static

    collect_static()
    return owner, anna


def _pages(person: Any) -> dict[str, list[str]]:
    from kundenstamm.lifecycle.models import Estimate

    known = Estimate.objects.visible_to(person).order_by("rank")
    count = known.count()
    deep = known.values_list("customer__key", flat=True)[count // 2 : count // 2 + MEASURED + 5]
    keys = [str(key) for key in deep]
    return {
        "list": ["/customers/"],
        "list, deep page": [f"/customers/?after={key}" for key in keys],
        "list by net revenue": ["/customers/?sort=revenue"],
        "search": [f"/customers/?q={words}" for words in SEARCHES],
        "customer": [f"/customers/{key}/" for key in keys],
        "base": ["/"],
    }


def _measured(person: Any, addresses: list[str]) -> list[float]:
    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    spent: dict[str, list[float]] = {wall: [] for wall in WALLS}
    for n in range(WARM_UP + MEASURED):
        for wall in WALLS:
            with _behind(wall):
                began = time.perf_counter()
                answer = client.get(addresses[n % len(addresses)])
                spent[wall].append(time.perf_counter() - began)
                assert answer.status_code == 200, (wall, addresses[n % len(addresses)])
    return [statistics.median(spent[wall][WARM_UP:]) * 1000 for wall in WALLS]


@contextmanager
def _behind(wall: str) -> Iterator[None]:
    """``none``: everybody sees everything, as the owner does, and the database is not asked."""
    from django.conf import settings
    from django.db.models import Q

    from kundenstamm.guard.queries import NeedToKnowQuerySet
    from kundenstamm.guard.rights import REACH, Reach
    from kundenstamm.kit.postgres.roles import APP

    settings.DATABASE_WALL_ROLE = APP if wall == "queries and policies" else ""
    if wall != "none":
        yield
        return
    everybody = dict.fromkeys(REACH, Reach.ALL)
    known = patch.object(NeedToKnowQuerySet, "_known", lambda *_: Q())
    with patch.dict(REACH, everybody), known:
        yield


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=200_000)
    main(parser.parse_args().customers)
