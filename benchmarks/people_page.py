"""How long the pages of who holds whom take on 100,000 customers and 200 colleagues.

Usage: python benchmarks/people_page.py [--customers 100000] [--colleagues 200] [--each 8]

A throw-away cluster: made-up customers, each with an estimate as a valuation would leave it (no
ledger behind it: the pages do not read one), each spoken with by three of the colleagues on so many
days of three years; every colleague serves the customers they speak with most. First the times of
reckoning: the first one, which looks back over the quarters before as well; all; and of a hundred
customers that were touched. Then an owner, who knows all, a controller from whom one customer is
hidden, so that sums are added up when asked, and a representative each ask for a page 60 times,
after five times that do not count: through Django's whole stack, stepped down to the role behind
both walls, in this process, without a network.
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from chain import _customers, _opened
from ground.filling import AS_OF
from ground.trial import throwaway_site
from pages import _settle, _static_files


def main(customers: int, colleagues: int, each: int) -> None:
    with throwaway_site():
        _static_files()
        people = _filled(customers, colleagues, each)
        _reckoned(people["owner"])
        _settle()
        print("| who, page | p50 | p95 | of the account's page |")
        print("|---|---:|---:|---:|")
        for who, person in people.items():
            empty = _opened(person, "/account/")
            for page in ("/relations/", f"/relations/{_asked(person).key}/"):
                half, most = _opened(person, page)
                name = "/relations/" if page == "/relations/" else "/relations/…/"
                print(f"| {who}, {name} | {half:.0f} | {most:.0f} | {half / empty[0]:.1f} × |",
                      flush=True)  # fmt: skip


def _asked(person: Any) -> Any:
    """The representative asks about themself, everybody else about the one with most customers."""
    from kundenstamm.relations.models import Colleague, PersonDay

    own = Colleague.objects.filter(user=person, history__customers__gt=0).first()
    return own or PersonDay.objects.order_by("-day", "-customers").first().colleague


def _reckoned(owner: Any) -> None:
    from kundenstamm.relations.models import Bond
    from kundenstamm.relations.reckoning import reckon_all, refresh

    at = datetime.now(UTC)
    touched = list(Bond.objects.values_list("customer", flat=True)[:100])
    for says, work in (
        ("the first, with the quarters before", lambda: reckon_all(AS_OF, actor=owner, at=at)),
        ("all", lambda: reckon_all(AS_OF, actor=owner, at=at)),
        ("a hundred touched", lambda: refresh(touched or list(range(1, 101)), actor=owner, at=at)),
    ):
        began = time.perf_counter()
        work()
        print(f"reckoned, {says}: {time.perf_counter() - began:.1f} s", flush=True)
    print(f"{Bond.objects.count():,} bonds\n")


def _filled(customers: int, colleagues: int, each: int) -> dict[str, Any]:
    from django.db import connection

    from kundenstamm.customers.models import Customer, Grant, Representative
    from kundenstamm.guard.actions import ensure_owner
    from kundenstamm.guard.models import Role, User

    at = datetime.now(UTC)
    owner = ensure_owner(at=at)
    _customers(customers, owner, at)
    users = User.objects.bulk_create(
        User(email=f"r{n}@example.com", name=f"Rep {n}", role=Role.REPRESENTATIVE, created_at=at)
        for n in range(colleagues)
    )
    Representative.objects.bulk_create(
        Representative(code=f"R{n}", name=user.name, user=user) for n, user in enumerate(users)
    )
    told = {
        "people": [user.pk for user in users], "n": colleagues, "each": each, "day": AS_OF,
        "at": at, "starts": AS_OF - timedelta(days=1100),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SPOKEN, told)
        print(f"{cursor.rowcount:,} conversations of {customers:,} customers")
        cursor.execute(_SERVED, told)
        cursor.execute("UPDATE customers_customer SET region = 'Region ' || id % 40")
        cursor.execute("VACUUM ANALYZE")
    doris = User.objects.create(
        email="doris@example.com", name="Doris", role=Role.CONTROLLER, created_at=at
    )
    Grant.objects.create(
        person=doris, customer=Customer.objects.latest("pk"), kind=Grant.Kind.CLOSED,
        reason="Probe", given_by=owner, starts_at=at,
    )  # fmt: skip
    return {"owner": owner, "controller, one customer hidden": doris, "representative": users[0]}


# Of three colleagues the first speaks with a customer half of the time.
_SPOKEN = """
INSERT INTO care_interaction
    (key, customer_id, kind, direction, reached, happened_at, day, note, note_index, author_id,
     recorded_at, withdrawn_because, document)
SELECT gen_random_uuid(), c.id, 'visit', '', true, %(day)s - back, %(day)s::date - back, '', '',
       (%(people)s::bigint[])[1 + (c.id + (n %% 4) / 2 * (1 + n %% 3)) %% %(n)s],
       %(at)s::timestamptz - interval '1 day', '', ''
FROM customers_customer AS c, generate_series(1, %(each)s) AS n,
     LATERAL (SELECT ((c.id * 7919 + n * 104729) %% 1100)::int AS back) AS days
"""
_SERVED = """
INSERT INTO customers_assignment (customer_id, representative_id, starts)
SELECT c.id, r.id, %(starts)s FROM customers_customer AS c
JOIN customers_representative AS r
  ON r.user_id = (%(people)s::bigint[])[1 + c.id %% %(n)s]
"""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--colleagues", type=int, default=200)
    parser.add_argument("--each", type=int, default=8)
    given = parser.parse_args()
    main(given.customers, given.colleagues, given.each)
