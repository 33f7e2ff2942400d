"""How long pages take to answer, and whether that grows with the number of customers.

Usage: python benchmarks/pages.py [--small 10000] [--large 1000000]

Each size is filled and valued once in a throw-away cluster: made-up customers with one to ten
ledger lines each. Then somebody signed in asks for each kind of page 60 times, after five times
that do not count: through Django's whole stack, in this process, without a network. The deep page
is one of the list in its usual order, somewhere beyond 60 % of the customers.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.test import Client
from ground.filling import AS_OF, empty, fill
from ground.trial import throwaway_site

WARM_UP, MEASURED = 5, 60
# Of pages that take so many seconds a few are enough.
SLOW = 1.0
SEARCHES = (
    "Steinhofer",  # a whole name
    "Waldbauer",
    "Sanitär",  # a word that one customer in twenty has
    "hofer",  # a part of a word
    "werkz",
    "1004711",  # a number
    "10047",  # the beginning of one
    "Lindenmüller Elektro",  # two words
    "neuhuber glas",
    "braun schoenberger",
)

Seconds = dict[str, list[float]]


def main(small: int, large: int) -> None:
    with throwaway_site():
        _static_files()
        found = [measured(size) for size in (small, large)]
    heads = [f"{size:,}: {name}" for size in (small, large) for name in ("p50", "p95")]
    print(f"| page, ms | {' | '.join(heads)} | ratio of p50 | ratio of p95 |")
    print(f"|---|{'---:|' * 6}")
    for page in found[0]:
        (few_50, few_95), (many_50, many_95) = (quantiles(each[page]) for each in found)
        print(
            f"| {page} | {few_50:.1f} | {few_95:.1f} | {many_50:.1f} | {many_95:.1f} "
            f"| {many_50 / few_50:.2f} | {many_95 / few_95:.2f} |"
        )


def measured(customers: int) -> Seconds:
    from kundenstamm.guard.actions import ensure_owner
    from kundenstamm.lifecycle.actions import value_all

    at = datetime.now(UTC)
    owner = ensure_owner(at=at)
    fill(customers)
    value_all(as_of=AS_OF, actor=owner, at=at)
    _settle()
    client = Client(SERVER_NAME="localhost")
    client.force_login(owner)
    found = {page: answered(client, address) for page, address in pages(customers).items()}
    empty()
    return found


def pages(customers: int) -> dict[str, Callable[[int], str]]:
    """Kind of page → address of its n-th request."""
    from kundenstamm.lifecycle.models import Estimate

    ranked = Estimate.objects.filter(rank__gte=customers * 6 // 10).order_by("rank")
    keys = [str(key) for key in ranked.values_list("customer__key", flat=True)[:3_500]]
    return {
        "list, first page": lambda _: "/customers/",
        "list, deep page": lambda n: f"/customers/?after={keys[n * 50 % len(keys)]}",
        "search": lambda n: f"/customers/?q={SEARCHES[n % len(SEARCHES)]}",
        "list, any alarm": lambda n: f"/customers/?alarm=any&order={('down', 'up')[n % 2]}",
        "list, alarm of the trend": lambda _: "/customers/?alarm=trend&sort=revenue",
        "customer": lambda n: f"/customers/{keys[n * 50 % len(keys)]}/",
        "base": lambda _: "/",
        "base, last year": lambda _: "/?period=last-year",
        "base, a third of them": lambda _: "/?link=dealer",
        "behind a mark of it": lambda n: f"/base/customers/?first={n * 50 + 1}&last={n * 50 + 50}",
    }


def answered(client: Client, address: Callable[[int], str]) -> list[float]:
    seconds: list[float] = []
    for n in range(WARM_UP + MEASURED):
        if len(seconds) == 2 * WARM_UP and min(seconds) > SLOW:
            break
        began = time.perf_counter()
        response = client.get(address(n))
        seconds.append(time.perf_counter() - began)
        assert response.status_code == 200, (address(n), response.status_code)
    return seconds[WARM_UP:]


def quantiles(seconds: list[float]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    cut = statistics.quantiles(seconds, n=20, method="inclusive")
    return cut[9] * 1000, cut[18] * 1000


def _static_files() -> None:
    """Collected as `kundenstamm serve` has them, once."""
    from kundenstamm.cli.serve import collect_static

    collect_static()


def _settle() -> None:
    """As a server that has run for a while: what autovacuum does, and what its start loads."""
    from django.db import connection

    from kundenstamm.web.shell.loading import load_for_good

    load_for_good()

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    given = parser.parse_args()
    main(given.small, given.large)
