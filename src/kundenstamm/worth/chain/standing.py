"""What stands at each member of a chain: profit, risk, weakest link, all in one go."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from kundenstamm.worth.chain.links import Chain, Name
from kundenstamm.worth.chain.loss import Risks, Weakest, holders
from kundenstamm.worth.chain.profit import Profit, Profits


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one member.

    Attributes
    ----------
    profit
        Its own contribution III and its share of all behind it.
    risk
        The chance that it is gone, and what goes with it.
    kept
        Of it and of all who hang on it, expected to stay within the year; money.
    weakest
        The member with the largest risk, of it and all behind it; ``weakest_at_risk``: that risk.
    direct, members
        How many it supplies directly, and at any depth; ``marked``: how many of these are marked.
    closed
        Nobody behind it is supplied by anybody who is neither it nor behind it.
    """

    profit: Profit
    risk: Weakest
    kept: float
    weakest: Name
    weakest_at_risk: float
    direct: int
    members: int
    marked: int
    closed: bool

    @property
    def expected_loss(self) -> float:
        """Expected to go of it and of all who hang on it; money, never below nil.

        Somebody stays if he stays himself and everybody does on whom he hangs, each by his own
        chance. Unlike the risks of single links, nobody counts twice in it.
        """
        return max(self.risk.lost - self.kept, 0.0)


def standings(
    chain: Chain,
    own: Mapping[Name, Decimal],
    value: Mapping[Name, float],
    active: Mapping[Name, float],
    marked: Collection[Name] = frozenset(),
    folded: Mapping[Name, Standing] = MappingProxyType({}),
) -> Mapping[Name, Standing]:
    """Of every member; each is put together when it is asked for.

    Parameters
    ----------
    own
        As `profits` takes it.
    value, active
        As `at_risk` takes them.
    folded
        Members who are closed and of whom nobody behind is in the chain: what stands at them is
        known already, and ``own``, ``value`` and ``active`` are not asked for it.

    Raises
    ------
    ValueError
        Somebody folded is open, is not in the chain, or supplies somebody in it.
    """
    for name, each in folded.items():
        if not each.closed or name in chain.supplied or name not in chain.suppliers:
            raise ValueError(f"{name} cannot be folded.")
    return _Standings(chain, own, value, active, marked, folded)


class _Standings(Mapping[Name, Standing]):
    def __init__(
        self,
        chain: Chain,
        own: Mapping[Name, Decimal],
        value: Mapping[Name, float],
        active: Mapping[Name, float],
        marked: Collection[Name],
        folded: Mapping[Name, Standing],
    ) -> None:
        held, above = holders(chain), _above(chain)
        self._chain, self._folded = chain, folded
        self._profit = Profits(chain, own, {name: each.profit for name, each in folded.items()})
        risks = {name: each.risk for name, each in folded.items()}
        self._risk = Risks(chain, held, value, active, risks)
        self._kept = _kept(chain, held, value, active, folded)
        self._weakest = _weakest_behind(chain, self._risk, folded)
        self._members, self._marks = _counted(chain, above, marked, folded)
        self._opened = _opened(chain, above)

    def __getitem__(self, name: Name) -> Standing:
        if name in self._folded:
            return self._folded[name]
        weakest, most = self._weakest[name]
        return Standing(
            self._profit[name], self._risk[name], self._kept[name], weakest, most,
            len({each.supplied for each in self._chain.supplied.get(name, ())}),
            self._members[name], self._marks[name], name not in self._opened,
        )  # fmt: skip

    def __iter__(self) -> Iterator[Name]:
        return iter(self._chain.order)

    def __len__(self) -> int:
        return len(self._chain.order)


def _weakest_behind(
    chain: Chain, risk: Risks, folded: Mapping[Name, Standing]
) -> dict[Name, tuple[Name, float]]:
    """Who has the largest risk, of each member and all behind it, and how large it is."""
    found = {name: (name, risk.at_risk(name)) for name in chain.order}
    found |= {name: (each.weakest, each.weakest_at_risk) for name, each in folded.items()}
    for name in reversed(chain.order):
        for supply in chain.supplied.get(name, ()):
            if found[supply.supplied][1] > found[name][1]:
                found[name] = found[supply.supplied]
    return found


def _kept(
    chain: Chain,
    held: Mapping[Name, Name | None],
    value: Mapping[Name, float],
    active: Mapping[Name, float],
    folded: Mapping[Name, Standing],
) -> dict[Name, float]:
    kept = {name: value.get(name, 0.0) for name in chain.order}
    for name in reversed(chain.order):
        if name in folded:
            kept[name] = folded[name].kept
        else:
            kept[name] *= active.get(name, 1.0)
        above = held[name]
        if above is not None:
            kept[above] += kept[name]
    return kept


def _above(chain: Chain) -> dict[Name, frozenset[Name]]:
    """Everybody who supplies somebody, at any depth; one set for all whom one supplies alone."""
    above: dict[Name, frozenset[Name]] = {}
    nobody: frozenset[Name] = frozenset()
    reached: dict[Name, frozenset[Name]] = {}
    for name in chain.order:
        ways = []
        for supply in chain.suppliers.get(name, ()):
            supplier = supply.supplier
            if supplier not in reached:
                reached[supplier] = above[supplier] | {supplier}
            ways.append(reached[supplier])
        above[name] = ways[0] if len(ways) == 1 else nobody.union(*ways)
    return above


def _counted(
    chain: Chain,
    above: Mapping[Name, frozenset[Name]],
    marked: Collection[Name],
    folded: Mapping[Name, Standing],
) -> tuple[dict[Name, int], dict[Name, int]]:
    """How many stand behind each, and how many marked ones, whoever is reached by two ways once."""
    by_ways: dict[frozenset[Name], list[int]] = {}
    for name in chain.order:
        within = folded.get(name)
        counted = by_ways.setdefault(above[name], [0, 0])
        counted[0] += 1 + (within.members if within else 0)
        counted[1] += (name in marked) + (within.marked if within else 0)
    members, marks = dict.fromkeys(chain.order, 0), dict.fromkeys(chain.order, 0)
    for ways, (number, of_them) in by_ways.items():
        for each in ways:
            members[each] += number
            marks[each] += of_them
    return members, marks


def _opened(chain: Chain, above: Mapping[Name, frozenset[Name]]) -> set[Name]:
    """Those of whom somebody behind has a supplier elsewhere, too."""
    found: set[Name] = set()
    for suppliers in chain.suppliers.values():
        if len(suppliers) > 1:
            ways = [above[each.supplier] | {each.supplier} for each in suppliers]
            found |= frozenset.union(*ways) - frozenset.intersection(*ways)
    return found
