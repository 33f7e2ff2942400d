"""What if this dealer goes: who is lost with it, and who could be served directly, at what cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from kundenstamm.chain.reading import Graph, Scope, read_graph
from kundenstamm.customers.models import Customer, Link
from kundenstamm.guard.models import User
from kundenstamm.guard.queries import known_one_by_one
from kundenstamm.lifecycle.models import ValuationRun
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.worth.chain.links import Name
from kundenstamm.worth.chain.loss import COMES_ALONG, Direct, without

SHOWN = 25


@dataclass(frozen=True)
class Assumed:
    """``comes_along``: the chance of each; ``serving``: one end customer, money a year."""

    comes_along: float = COMES_ALONG
    serving: float | None = None


@dataclass(frozen=True)
class Hung:
    """An end customer who can be reached through the dealer only. Money a year.

    ``volume`` is what was reported of it, ``brings`` what serving it ourselves would; both None
    where nobody has reported anything.
    """

    customer: Customer
    expected: float
    volume: float | None
    brings: float | None


@dataclass(frozen=True)
class WhatIf:
    """Money a year. ``own`` is the dealer's, ``behind`` that of who hangs on it.

    ``servable``: of so many serving pays; ``cost``: what serving these would cost. ``staying``:
    behind the dealer, but supplied by somebody else, too.
    """

    own: float
    behind: float
    hanging: int
    staying: int
    rows: list[Hung]
    servable: int
    unreported: int
    cost: float
    brings: float
    kept: float
    assumed: Assumed

    @property
    def lost(self) -> float:
        return self.own + self.behind

    @property
    def net(self) -> float:
        return self.kept - self.lost


def what_if(actor: User, dealer: Customer, day: date, assumed: Assumed) -> WhatIf:
    """As far as the actor knows who is behind the dealer."""
    run = latest_run()
    graph = read_graph(Scope(run, day, actor, [dealer.pk]))
    if assumed.serving is None:
        assumed = Assumed(assumed.comes_along, _typical_serving(actor, run))
    directly = _directly(graph, assumed.serving or 0.0)
    gone = without(graph.chain, dealer.pk, graph.value(), directly, assumed.comes_along)
    own = graph.of(dealer.pk).expected
    return WhatIf(
        own=own,
        behind=gone.lost - own,
        hanging=len(gone.hanging),
        staying=len(graph.chain.behind(dealer.pk)) - len(gone.hanging),
        rows=_rows(actor, graph, gone.hanging, directly),
        servable=len(gone.directly),
        unreported=len([name for name in gone.hanging if _is_end(graph, name)]) - len(directly),
        cost=sum(directly[name].serving for name in gone.directly),
        brings=sum(gone.directly.values()),
        kept=gone.kept,
        assumed=assumed,
    )


def _directly(graph: Graph, serving: float) -> dict[Name, Direct]:
    """Of each end customer of whom something was reported.

    Its volume is at the dealer's prices, which we would charge then; the margin is what the dealer
    leaves us, so it errs on the side of caution.
    """
    volumes: dict[Name, list[tuple[float, float]]] = {}
    for (dealer, end), amount in graph.sold_on.items():
        if amount > 0 and _is_end(graph, end) and (margin := _margin(graph, dealer)) is not None:
            volumes.setdefault(end, []).append((amount, margin))
    return {
        end: Direct(
            volume=sum(volume for volume, _margin in told),
            margin=sum(volume * margin for volume, margin in told)
            / sum(volume for volume, _margin in told),
            serving=serving,
        )
        for end, told in volumes.items()
    }


def _margin(graph: Graph, dealer: Name) -> float | None:
    """Contribution I as a share of net revenue; where we do not invoice it, that of who does."""
    own = graph.of(dealer).margin
    if own is not None:
        return min(max(own, 0.0), 1.0)
    above = graph.chain.suppliers.get(dealer, ())
    told = (_margin(graph, supply.supplier) for supply in above)
    return next((margin for margin in told if margin is not None), None)


def _is_end(graph: Graph, name: Name) -> bool:
    return name not in graph.chain.supplied


def _rows(
    actor: User, graph: Graph, hanging: frozenset[Name], directly: dict[Name, Direct]
) -> list[Hung]:
    """Those that would bring most first, then the others by what is expected of them."""

    def place(name: Name) -> tuple[float, float, str]:
        brings = directly[name].brings if name in directly else float("-inf")
        return -brings, -graph.of(name).expected, str(name)

    first = sorted((name for name in hanging if _is_end(graph, name)), key=place)[:SHOWN]
    names = Customer.objects.visible_one_by_one(actor).in_bulk(first)
    return [
        Hung(
            names[name],
            graph.of(name).expected,
            directly[name].volume if name in directly else None,
            directly[name].brings if name in directly else None,
        )
        for name in first
        if name in names
    ]


def _typical_serving(actor: User, run: ValuationRun | None) -> float:
    """Median cost to serve of the end customers whom the actor knows and we invoice, a year."""
    if run is None:
        return 0.0
    known = known_one_by_one(actor, "estimate.customer_id")
    with connection.cursor() as cursor:
        cursor.execute(_TYPICAL.format(known=known), [run.pk, Link.END_CUSTOMER])
        found: Decimal | float | None = cursor.fetchone()[0]
    return max(float(found or 0), 0.0)


_TYPICAL = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY -estimate.year_cost_to_serve)
FROM lifecycle_estimate AS estimate
JOIN customers_customer AS customer ON customer.id = estimate.customer_id
WHERE estimate.run_id = %s AND customer.link = %s AND estimate.year_net_revenue > 0
  AND NOT customer.withdrawn AND {known}
"""
