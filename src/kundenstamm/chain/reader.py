"""Stored figures where the reader knows all behind a link, and is up to date; else reckoned now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import cast

from django.db.models import Q, QuerySet

from kundenstamm.chain.knowing import known_otherwise
from kundenstamm.chain.models import Change, Reckoning, Standing
from kundenstamm.chain.reading import Graph, Scope, read_graph
from kundenstamm.chain.remembering import remembered, whom_one_knows
from kundenstamm.customers.chain_queries import known_links
from kundenstamm.customers.models import ChainLinkQuerySet as Links
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Reach, reach_of
from kundenstamm.lifecycle.models import ValuationRun
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.worth.chain.links import Name
from kundenstamm.worth.chain.standing import Standing as Found


@dataclass(frozen=True)
class Row:
    """Somebody in a chain and what stands there, as `Standing` has it."""

    customer: Customer
    own: Decimal
    behind: Decimal
    direct: int
    members: int
    chance: float
    lost: float
    hanging: int
    at_risk: float
    expected_loss: float
    weakest: Customer | None
    weakest_at_risk: float
    conflicts: int

    @property
    def whole(self) -> Decimal:
        return self.own + self.behind

    @property
    def is_weakest(self) -> bool:
        """Nobody behind it is at greater risk."""
        return self.weakest is not None and self.weakest.pk == self.customer.pk


def is_current(found: Reckoning | None, run: ValuationRun, day: date, links: Links) -> bool:
    """Whether a reckoning is of this valuation and of the links as they are on a day."""
    if found is None or found.run_id != run.pk or found.changes_seen != Change.objects.count():
        return False
    if found.day == day:
        return True
    first, last = min(found.day, day), max(found.day, day)
    moved = Q(valid_from__gt=first, valid_from__lte=last) | Q(
        valid_to__gte=first, valid_to__lt=last
    )
    return not links.filter(moved).exists()


class Reader:
    """What one page asks again and again: valuation, day, and which stored figures it may tell."""

    def __init__(self, actor: User, day: date) -> None:
        self.actor, self.day, self.run = actor, day, latest_run()
        self.newest = Reckoning.objects.last()
        self.current = self.run is not None and is_current(
            self.newest, self.run, day, known_links(actor)
        )

    @cached_property
    def apart(self) -> set[int]:
        """Those of whom what is stored may not be told, though closed."""
        return known_otherwise(self.actor, self.day)

    def standings(self) -> QuerySet[Standing]:
        """Of whom the actor knows; which of them may be told is another question: `told`."""
        return Standing.objects.visible_one_by_one(self.actor)

    def tops(self) -> tuple[QuerySet[Standing], list[int]]:
        """Who supplies somebody, and whom nobody supplies, as far as the actor knows.

        Those of whom the stored figures may be told, and the ids of the others.
        """
        known = self.standings().filter(direct__gt=0)
        apart = self._not_supplied(self._supplying(self.apart))
        if reach_of(self.actor) is Reach.ALL:
            return known.filter(top=True).exclude(customer__any_of=self.apart), sorted(apart)
        others = set(known.values_list("customer", flat=True)) - self.apart
        found = self._not_supplied(others)
        told = self.told(list(found))
        return known.filter(customer__any_of=told), sorted(apart | found - told)

    def _supplying(self, customers: set[int]) -> set[int]:
        links = known_links(self.actor).on(self.day).filter(upstream__any_of=customers)
        return set(links.values_list("upstream", flat=True)) if customers else set()

    def _not_supplied(self, customers: set[int]) -> set[int]:
        """By anybody of whom the actor knows."""
        if not customers:
            return set()
        links = known_links(self.actor).on(self.day).filter(downstream__any_of=customers)
        return customers.difference(links.values_list("downstream", flat=True))

    def told(self, customers: list[int]) -> set[int]:
        """Those of the customers of whom the stored figures may be told."""
        if not self.current or not customers:
            return set()
        left = set(customers) - self.apart
        if reach_of(self.actor) is Reach.ALL or not left:
            return left
        closed = self.standings().filter(customer__any_of=left, closed=True)
        return set(closed.values_list("customer", flat=True))

    def reckoned(self, roots: list[int] | None) -> dict[int, Row]:
        """Rows of the roots by customer; of no roots all tops."""
        if roots == []:
            return {}
        if roots is None:
            graph = self._graph(None)
            return self._named(graph.standings(), [_pk(name) for name in graph.chain.tops()])
        return self._named(self._reckoned(roots, set()), roots)

    def reckoned_behind(self, root: int, lower: set[int], wanted: slice) -> dict[int, Row]:
        """Rows of a root and of some of those below it, those with most at risk first."""
        found = self._reckoned([root], lower)
        below = [pk for pk in lower if pk in found]
        below.sort(key=lambda pk: (-found[pk].risk.at_risk, -pk))
        return self._named(found, [pk for pk in (root, *below[wanted]) if pk in found])

    def _reckoned(self, roots: list[int], lower: set[int]) -> Mapping[Name, Found]:
        """What stands at the roots and at some below them."""

        def reckon() -> dict[Name, Found]:
            told = self._graph(roots).standings()
            return {pk: told[pk] for pk in (*roots, *lower) if pk in told}

        newest = self.newest
        if not self.current or newest is None:
            return reckon()

        def ask() -> tuple[object, ...]:
            # Every reckoning has another id, and is current only as long as nothing has changed.
            # Who is below them follows from it.
            known = whom_one_knows(self.actor)
            return newest.pk, self.day, known, tuple(roots), bool(lower)

        return remembered(ask, reckon)

    def _graph(self, roots: list[int] | None) -> Graph:
        apart = self.apart if self.current else None
        return read_graph(Scope(self.run, self.day, self.actor, roots, apart))

    def _named(self, found: Mapping[Name, Found], asked: list[int]) -> dict[int, Row]:
        weakest = {_pk(found[pk].weakest) for pk in asked}
        names = Customer.objects.visible_one_by_one(self.actor).in_bulk(weakest.union(asked))
        return {
            pk: _row(names[pk], found[pk], names.get(_pk(found[pk].weakest)))
            for pk in asked
            if pk in names
        }

    def rows(self, stored: Iterable[Standing]) -> list[Row]:
        found = list(stored)
        ids = {each.customer_id for each in found}
        ids |= {each.weakest_id for each in found if each.weakest_id is not None}
        names = Customer.objects.visible_one_by_one(self.actor).in_bulk(ids)
        return [
            Row(
                names[each.customer_id], each.own, each.behind, each.direct, each.members,
                each.chance, each.lost, each.hanging, each.at_risk, each.expected_loss,
                names.get(each.weakest_id or 0), each.weakest_at_risk, each.conflicts,
            )
            for each in found
            if each.customer_id in names
        ]  # fmt: skip


def _pk(name: Name) -> int:
    """Here customers go by their ids."""
    return cast(int, name)


def _row(customer: Customer, found: Found, weakest: Customer | None) -> Row:
    risk = found.risk
    return Row(
        customer, found.profit.own, found.profit.behind, found.direct, found.members, risk.chance,
        risk.lost, risk.hanging, risk.at_risk, found.expected_loss,
        weakest if found.weakest_at_risk > 0 else None, found.weakest_at_risk, found.marked,
    )  # fmt: skip
