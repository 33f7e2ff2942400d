"""The links that hold on a day and what is known of those in them, as `worth.chain` takes it.

A branch whose stored figures may be told is not read: what stands at its upper end stands for it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from kundenstamm.chain.models import Standing as StoredStanding
from kundenstamm.guard.models import User
from kundenstamm.guard.queries import known_one_by_one
from kundenstamm.lifecycle.models import ValuationRun
from kundenstamm.worth.chain.links import Chain, Name, Supply
from kundenstamm.worth.chain.standing import Standing, standings

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Scope:
    """Which part of all chains: behind ``roots``, or all of them; as far as ``actor`` knows it.

    Without an actor it is of all who are not confidential: for jobs, which write what may be told.
    ``apart``: those of whom what is stored may not be told; whoever else is closed stands for all
    behind it. None: everybody is read one by one.
    """

    run: ValuationRun | None
    day: date
    actor: User | None = None
    roots: Sequence[int] | None = None
    apart: Collection[int] | None = None

    def known(self, column: str) -> str:
        """A condition on a column that the code names."""
        if self.actor is None:
            return f"{column} NOT IN (SELECT id FROM customers_customer WHERE confidential)"  # noqa: S608
        return known_one_by_one(self.actor, column)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one customer: contribution III of the last twelve months and the next; money.

    ``margin``: contribution I as a share of net revenue; None where we invoiced nothing.
    """

    contribution_3: Decimal = Decimal(0)
    margin: float | None = None
    expected: float = 0.0
    active: float = 1.0


NOTHING = Figures()


@dataclass(frozen=True)
class Graph:
    """``sold_on``: what a supplier reported of whom it supplies, twelve months; none below nil.

    ``folded``: what stands at those who stand for all behind them.
    """

    chain: Chain
    figures: dict[Name, Figures] = field(repr=False)
    sold_on: dict[tuple[Name, Name], float] = field(repr=False)
    folded: dict[Name, Standing] = field(default_factory=dict, repr=False)

    def of(self, name: Name) -> Figures:
        return self.figures.get(name, NOTHING)

    def value(self) -> dict[Name, float]:
        return {name: each.expected for name, each in self.figures.items()}

    def conflicts(self) -> set[Name]:
        """Whom we invoiced ourselves and a dealer reported, both within the twelve months.

        A dealer that supplies them no longer is none.
        """
        links = ((each.supplier, each.supplied) for each in self.chain.supplies)
        reported = {pair[1] for pair in links if self.sold_on.get(pair, 0) > 0}
        return {name for name in reported if self.of(name).margin is not None}

    def standings(self) -> Map[Name, Standing]:
        return standings(
            self.chain,
            {name: each.contribution_3 for name, each in self.figures.items()},
            self.value(),
            {name: each.active for name, each in self.figures.items()},
            self.conflicts(),
            self.folded,
        )


def read_graph(scope: Scope) -> Graph:
    """Links with both ends known, of roots also those into them from beside, and their figures.

    Roots are in it even without any link.
    """
    read = _links(scope)
    links = [(upper, lower) for upper, lower, _folded in read]
    ids = {end for link in links for end in link} | set(scope.roots or ())
    names = _written(ids)
    sold_on = _sold_on(scope, {upper for upper, _lower in links})
    supplies = [Supply(*link, sold_on.get(link, 0.0)) for link in links]
    chain = Chain(supplies, scope.roots or ())
    folded = stored(scope.actor, {lower for _upper, lower, folded in read if folded})
    return Graph(chain, _figures(scope, names), sold_on, folded)


def stored(actor: User | None, customers: Collection[int]) -> dict[Name, Standing]:
    """What the last reckoning found about some; whether it may be told, the caller knows."""
    if actor is None or not customers:
        return {}
    kept = StoredStanding.objects.visible_one_by_one(actor).filter(customer__any_of=customers)
    return {each.customer_id: each.as_reckoned() for each in kept}


def _links(scope: Scope) -> list[tuple[int, int, bool]]:
    """Upper end, lower end, and whether the lower one stands for all behind it."""
    select = _ALL if scope.roots is None else _BEHIND
    told: dict[str, Any] = {"day": scope.day, "roots": list(scope.roots or ())}
    told["apart"] = _written([*(scope.apart or ()), *told["roots"]])
    conditions = {end: scope.known(f"link.{end}_id") for end in ("upstream", "downstream")}
    conditions["folded"] = "false" if scope.apart is None else _FOLDED
    with connection.cursor() as cursor:
        cursor.execute(select.format(**conditions), told)
        return list(cursor.fetchall())


def _sold_on(scope: Scope, suppliers: Collection[int]) -> dict[tuple[Name, Name], float]:
    if scope.run is None or not suppliers:
        return {}
    dealer, end = scope.known("dealer_id"), scope.known("end_customer_id")
    told: dict[str, Any] = {"from": scope.run.as_of - YEAR, "to": scope.run.as_of}
    told["suppliers"] = _written(suppliers)
    with connection.cursor() as cursor:
        cursor.execute(_SOLD_ON.format(dealer=dealer, end=end), told)
        return {(above, below): amount for above, below, amount in cursor.fetchall()}


def _figures(scope: Scope, names: str) -> dict[Name, Figures]:
    if scope.run is None:
        return {}
    known = scope.known("customer_id")
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES.format(known=known), [scope.run.pk, names])
        return {customer: Figures(*told) for customer, *told in cursor.fetchall()}


def _written(ids: Collection[int]) -> str:
    """Written down here once: the driver takes six times as long for thousands of numbers."""
    return f"{{{','.join(map(str, sorted(ids)))}}}"


# In order: of two suppliers with equal shares the first gets the ten-thousandth that is left over.
HOLDS = (
    "(link.valid_from IS NULL OR link.valid_from <= %(day)s)"
    " AND (link.valid_to IS NULL OR link.valid_to >= %(day)s)"
)
# Few are, and looking each other one up takes longer.
_WITHDRAWN = "(SELECT id FROM customers_customer WHERE withdrawn)"
_UPPER = f"link.upstream_id NOT IN {_WITHDRAWN}"
_LOWER = f"link.downstream_id NOT IN {_WITHDRAWN}"
_ALL = f"""
SELECT DISTINCT link.upstream_id, link.downstream_id, false FROM customers_chainlink AS link
WHERE {HOLDS} AND {_UPPER} AND {_LOWER} AND {{upstream}} AND {{downstream}}
ORDER BY 1, 2
"""  # noqa: S608
# Whoever is behind has been looked at as the lower end already.
_BEHIND = f"""
WITH RECURSIVE behind AS (
    SELECT id, true AS root, false AS folded FROM unnest(%(roots)s::bigint[]) AS id
    UNION
    SELECT link.downstream_id, false, {{folded}} FROM behind
    JOIN customers_chainlink AS link ON link.upstream_id = behind.id
    WHERE NOT behind.folded AND {HOLDS} AND {_LOWER} AND {{downstream}}
)
SELECT DISTINCT link.upstream_id, link.downstream_id, behind.folded FROM behind
JOIN customers_chainlink AS link ON link.downstream_id = behind.id
WHERE NOT behind.root AND {HOLDS} AND {_UPPER} AND {{upstream}}
ORDER BY 1, 2
"""  # noqa: S608
_FOLDED = """
    link.downstream_id <> ALL(%(apart)s::bigint[]) AND EXISTS (
        SELECT FROM chain_standing AS stood
        WHERE stood.customer_id = link.downstream_id AND stood.closed AND stood.direct > 0)
"""
_SOLD_ON = """
SELECT dealer_id, end_customer_id, greatest(sum(amount), 0)::float8 FROM chain_sellthrough
WHERE dealer_id = ANY(%(suppliers)s::bigint[]) AND end_customer_id IS NOT NULL
  AND last_day > %(from)s AND last_day <= %(to)s AND {dealer} AND {end}
GROUP BY dealer_id, end_customer_id
"""
_FIGURES = """
SELECT customer_id, year_contribution_3,
       CASE WHEN year_net_revenue > 0 THEN (year_contribution_1 / year_net_revenue)::float8 END,
       coalesce(expected_contribution, 0)::float8, coalesce(p_active, 1)::float8
FROM lifecycle_estimate WHERE run_id = %s AND customer_id = ANY(%s::bigint[]) AND {known}
"""
