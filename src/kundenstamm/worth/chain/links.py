"""The links of the chain at one day, without circles; see ``docs/algorithms/chain.md``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

Name = Hashable


class Circle(ValueError):  # noqa: N818
    """Somebody would supply himself by a detour; ``names`` in order, the first once more last."""

    def __init__(self, names: Sequence[Name]) -> None:
        self.names = tuple(names)
        told = " → ".join(str(name) for name in self.names)
        super().__init__(f"A chain cannot lead back to itself: {told}.")


class Supply(NamedTuple):
    """``supplier`` delivers to ``supplied``; ``volume`` is what was reported of it, any unit."""

    supplier: Name
    supplied: Name
    volume: float = 0.0


Links = Mapping[Name, Sequence[Supply]]


@dataclass(frozen=True)
class Chain:
    """All links that hold on a day.

    Attributes
    ----------
    alone
        Members even where no link has them.
    order
        All members, suppliers before those whom they supply.

    Raises
    ------
    Circle
        The links lead back to one of them.
    ValueError
        A volume is negative.
    """

    supplies: Sequence[Supply]
    alone: Collection[Name] = ()
    order: tuple[Name, ...] = field(init=False)
    suppliers: dict[Name, list[Supply]] = field(init=False, repr=False)
    supplied: dict[Name, list[Supply]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        above: dict[Name, list[Supply]] = {}
        below: dict[Name, list[Supply]] = {}
        for supply in self.supplies:
            if not supply.volume >= 0:
                raise ValueError(f"The volume of {supply} must not be below 0.")
            above.setdefault(supply.supplied, []).append(supply)
            below.setdefault(supply.supplier, []).append(supply)
        object.__setattr__(self, "suppliers", above)
        object.__setattr__(self, "supplied", below)
        order = _ordered(above, below)
        others = (name for name in self.alone if name not in above and name not in below)
        object.__setattr__(self, "order", (*order, *others))

    def tops(self) -> Iterator[Name]:
        """Those whom we supply ourselves."""
        return (name for name in self.order if name not in self.suppliers)

    def behind(self, name: Name) -> set[Name]:
        """Everybody supplied by ``name``, at any depth, itself not counted."""
        found: set[Name] = set()
        waiting = [name]
        while waiting:
            new = {each.supplied for each in self.supplied.get(waiting.pop(), ())} - found
            found |= new
            waiting.extend(new)
        return found


def _ordered(above: Links, below: Links) -> tuple[Name, ...]:
    """Kahn's algorithm (1962); ``graphlib`` takes three times as long, and pages wait for it."""
    waits = {name: len(suppliers) for name, suppliers in above.items()}
    order = [name for name in below if name not in waits]
    # Whoever is appended comes up in turn.
    for name in order:
        for supply in below.get(name, ()):
            waits[supply.supplied] -= 1
            if not waits[supply.supplied]:
                order.append(supply.supplied)
    if left := [name for name, number in waits.items() if number]:
        circle = _circle(left, above)
        first = min(range(len(circle)), key=lambda at: list(below).index(circle[at]))
        raise Circle([*circle[first:], *circle[:first], circle[first]])
    return tuple(order)


def _circle(left: Sequence[Name], above: Links) -> list[Name]:
    """Up from somebody, each time by a supplier who waits, too, until one comes twice."""
    waits, way = set(left), [left[0]]
    while way[-1] not in way[:-1]:
        way.append(next(each.supplier for each in above[way[-1]] if each.supplier in waits))
    return way[way.index(way[-1]) : -1][::-1]


def circle_by(links: Iterable[tuple[Name, Name]], supplier: Name, supplied: Name) -> list[Name]:
    """The way from ``supplied`` down to ``supplier`` that a new link would close; empty if none.

    Parameters
    ----------
    links
        Supplier and supplied of each link that is there.
    """
    below: dict[Name, list[Name]] = defaultdict(list)
    for upper, lower in links:
        below[upper].append(lower)
    came: dict[Name, Name | None] = {supplied: None}
    waiting = [supplied]
    while waiting:
        here = waiting.pop()
        if here == supplier:
            return _way(came, here)
        for lower in below[here]:
            if lower not in came:
                came[lower] = here
                waiting.append(lower)
    return []


class Growing:
    """Links that are added one by one, and none that would lead back; each at the price of a look
    at those below it."""

    def __init__(self, links: Iterable[tuple[Name, Name]] = ()) -> None:
        self._below: dict[Name, set[Name]] = defaultdict(set)
        for upper, lower in links:
            self._below[upper].add(lower)

    def add(self, supplier: Name, supplied: Name) -> bool:
        """Whether it came in; False: ``supplied`` supplies ``supplier`` already, or is it."""
        seen, waiting = {supplied}, [supplied]
        while waiting:
            here = waiting.pop()
            if here == supplier:
                return False
            new = self._below.get(here, set()) - seen
            seen |= new
            waiting.extend(new)
        self._below[supplier].add(supplied)
        return True


def _way(came: dict[Name, Name | None], end: Name) -> list[Name]:
    way: list[Name] = []
    here: Name | None = end
    while here is not None:
        way.append(here)
        here = came[here]
    return way[::-1]
