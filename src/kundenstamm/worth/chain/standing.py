"""What stands at each member of a chain: profit, risk, weakest link, all in one go."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

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
    expected_loss
        Expected to go within the year of it and of all who hang on it, each once; money.
    weakest
        The member with the largest risk, of it and all behind it.
    direct, members
        How many it supplies directly, and at any depth; ``marked``: how many of these are marked.
    closed
        Nobody behind it is supplied by anybody who is neither it nor behind it.
    """

    profit: Profit
    risk: Weakest
    expected_loss: float
    weakest: Weakest
    direct: int
    members: int
    marked: int
    closed: bool


def standings(
    chain: Chain,
    own: Mapping[Name, Decimal],
    value: Mapping[Name, float],
    active: Mapping[Name, float],
    marked: Collection[Name] = frozenset(),
) -> Mapping[Name, Standing]:
    """Of every member; ``own`` as `profits` takes it, ``value`` and ``active`` as `at_risk`.

    Each is put together when it is asked for: a page shows fifty of five thousand.
    """
    return _Standings(chain, own, value, active, marked)


class _Standings(Mapping[Name, Standing]):
    def __init__(
        self,
        chain: Chain,
        own: Mapping[Name, Decimal],
        value: Mapping[Name, float],
        active: Mapping[Name, float],
        marked: Collection[Name],
    ) -> None:
        held, above = holders(chain), _above(chain)
        self._chain = chain
        self._profit, self._risk = Profits(chain, own), Risks(chain, held, value, active)
        self._loss = _losses(chain, held, value, active)
        self._weakest = _weakest_behind(chain, self._risk)
        self._members, self._marks = _counted(chain, above, marked)
        self._opened = _opened(chain, above)

    def __getitem__(self, name: Name) -> Standing:
        return Standing(
            self._profit[name], self._risk[name], self._loss[name],
            self._risk[self._weakest[name]],
            len({each.supplied for each in self._chain.supplied.get(name, ())}),
            self._members[name], self._marks[name], name not in self._opened,
        )  # fmt: skip

    def __iter__(self) -> Iterator[Name]:
        return iter(self._chain.order)

    def __len__(self) -> int:
        return len(self._chain.order)


def _weakest_behind(chain: Chain, risk: Risks) -> dict[Name, Name]:
    """Who has the largest risk, of each member and all behind it."""
    found: dict[Name, Name] = {name: name for name in chain.order}
    most = {name: risk.at_risk(name) for name in chain.order}
    for name in reversed(chain.order):
        for supply in chain.supplied.get(name, ()):
            if most[supply.supplied] > most[name]:
                most[name], found[name] = most[supply.supplied], found[supply.supplied]
    return found


def expected_losses(
    chain: Chain, value: Mapping[Name, float], active: Mapping[Name, float]
) -> dict[Name, float]:
    """What is expected to go of each member and of all who hang on it; money, never below nil.

    Somebody stays if he stays himself and everybody does on whom he hangs, each by his own chance.
    Unlike the risks of single links, nobody counts twice in it.
    """
    return _losses(chain, holders(chain), value, active)


def _losses(
    chain: Chain,
    held: Mapping[Name, Name | None],
    value: Mapping[Name, float],
    active: Mapping[Name, float],
) -> dict[Name, float]:
    whole = {name: value.get(name, 0.0) for name in chain.order}
    kept = dict(whole)
    for name in reversed(chain.order):
        kept[name] *= active.get(name, 1.0)
        above = held[name]
        if above is not None:
            whole[above] += whole[name]
            kept[above] += kept[name]
    return {name: max(whole[name] - kept[name], 0.0) for name in chain.order}


def _above(chain: Chain) -> dict[Name, frozenset[Name]]:
    """Everybody who supplies somebody, at any depth."""
    above: dict[Name, frozenset[Name]] = {}
    for name in chain.order:
        suppliers = {each.supplier for each in chain.suppliers.get(name, ())}
        above[name] = frozenset(suppliers).union(*(above[each] for each in suppliers))
    return above


def _counted(
    chain: Chain, above: Mapping[Name, frozenset[Name]], marked: Collection[Name]
) -> tuple[dict[Name, int], dict[Name, int]]:
    """How many stand behind each, and how many marked ones, whoever is reached by two ways once."""
    members, marks = dict.fromkeys(chain.order, 0), dict.fromkeys(chain.order, 0)
    for name in chain.order:
        for each in above[name]:
            members[each] += 1
            marks[each] += name in marked
    return members, marks


def _opened(chain: Chain, above: Mapping[Name, frozenset[Name]]) -> set[Name]:
    """Those of whom somebody behind has a supplier elsewhere, too."""
    found: set[Name] = set()
    for suppliers in chain.suppliers.values():
        if len(suppliers) > 1:
            ways = [above[each.supplier] | {each.supplier} for each in suppliers]
            found |= frozenset.union(*ways) - frozenset.intersection(*ways)
    return found
