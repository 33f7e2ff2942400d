"""What goes with a link: nearest dominators of a graph without circles (Lengauer & Tarjan 1979)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kundenstamm.worth.chain.links import Chain, Name

# How many of those who could be served directly come along.
COMES_ALONG = 0.5


@dataclass(frozen=True, slots=True)
class Direct:
    """An end customer whom we would serve ourselves.

    Attributes
    ----------
    volume
        Money a year at our prices.
    margin
        Contribution I as a share of it.
    serving
        Cost to serve, money a year.
    """

    volume: float
    margin: float
    serving: float

    @property
    def brings(self) -> float:
        return self.volume * self.margin - self.serving


@dataclass(frozen=True, slots=True)
class Without:
    """What a year would be without a link; money.

    Attributes
    ----------
    hanging
        Those who can be reached in no other way.
    lost
        Expected contribution of the link and of everyone hanging on it.
    directly
        What serving each of them ourselves would bring, where that is above nil.
    kept
        The sum of these times the chance that they come along.
    """

    hanging: frozenset[Name]
    lost: float
    directly: Mapping[Name, float]
    kept: float

    @property
    def net(self) -> float:
        return self.kept - self.lost


@dataclass(frozen=True, slots=True)
class Weakest:
    """The link whose risk is largest: ``at_risk`` money a year, by ``chance`` to be gone."""

    link: Name
    at_risk: float
    chance: float
    lost: float
    hanging: int


def holders(chain: Chain) -> dict[Name, Name | None]:
    """The nearest link that each member cannot be reached without; None where there is none."""
    nearest: dict[Name, Name | None] = {}
    depth: dict[Name | None, int] = {None: 0}
    for name in chain.order:
        above = [supply.supplier for supply in chain.suppliers.get(name, ())]
        common: Name | None = above[0] if above else None
        for other in above[1:]:
            common = _common(common, other, nearest, depth)
        nearest[name] = common
        depth[name] = depth[common] + 1
    return nearest


def hanging(chain: Chain, link: Name) -> frozenset[Name]:
    """Everybody who can only be reached through ``link``."""
    held, found = holders(chain), set()
    for name in chain.order:
        if held[name] == link or held[name] in found:
            found.add(name)
    return frozenset(found)


def without(
    chain: Chain,
    link: Name,
    value: Mapping[Name, float],
    directly: Mapping[Name, Direct],
    comes_along: float = COMES_ALONG,
) -> Without:
    """What if this link goes.

    Parameters
    ----------
    value
        Expected contribution of the coming year by member; nil for those who are not in it.
    directly
        Those whom we could serve ourselves.
    """
    gone = hanging(chain, link)
    lost = value.get(link, 0.0) + sum(value.get(name, 0.0) for name in gone)
    brings = {name: directly[name].brings for name in gone if name in directly}
    worth_it = {name: each for name, each in brings.items() if each > 0}
    return Without(gone, lost, worth_it, comes_along * sum(worth_it.values()))


def at_risk(
    chain: Chain, value: Mapping[Name, float], active: Mapping[Name, float]
) -> dict[Name, Weakest]:
    """The risk of each member: the chance that it is gone times what goes with it.

    Parameters
    ----------
    active
        P(active) by member; 1 for those who are not in it.
    """
    return dict(Risks(chain, holders(chain), value, active, {}))


class Risks(Mapping[Name, Weakest]):
    """The same for who holds whom already knows (`holders`), and wants the risk of some only.

    Whom ``folded`` names has others hanging on it who are not in the chain: what goes with it, and
    how many of them, is known.
    """

    def __init__(
        self,
        chain: Chain,
        held: Mapping[Name, Name | None],
        value: Mapping[Name, float],
        active: Mapping[Name, float],
        folded: Mapping[Name, Weakest],
    ) -> None:
        self._lost = {name: value.get(name, 0.0) for name in chain.order}
        self._lost |= {name: each.lost for name, each in folded.items()}
        self._count = dict.fromkeys(chain.order, 0)
        self._count |= {name: each.hanging for name, each in folded.items()}
        self._active = active
        for name in reversed(chain.order):
            above = held[name]
            if above is not None:
                self._lost[above] += self._lost[name]
                self._count[above] += self._count[name] + 1

    def at_risk(self, name: Name) -> float:
        """Money a year."""
        return (1 - self._active.get(name, 1.0)) * max(self._lost[name], 0.0)

    def __getitem__(self, name: Name) -> Weakest:
        chance, lost = 1 - self._active.get(name, 1.0), self._lost[name]
        return Weakest(name, chance * max(lost, 0.0), chance, lost, self._count[name])

    def __iter__(self) -> Iterator[Name]:
        return iter(self._lost)

    def __len__(self) -> int:
        return len(self._lost)


def weakest(
    chain: Chain, value: Mapping[Name, float], active: Mapping[Name, float]
) -> Weakest | None:
    """The link with the largest risk; None for a chain of nobody or without any risk."""
    told = at_risk(chain, value, active).values()
    found = max(told, key=lambda each: each.at_risk, default=None)
    return found if found is not None and found.at_risk > 0 else None


def _common(
    one: Name | None,
    other: Name | None,
    nearest: Mapping[Name, Name | None],
    depth: Mapping[Name | None, int],
) -> Name | None:
    """The nearest that both hang on, themselves included."""
    while one != other:
        if depth[one] < depth[other]:
            one, other = other, one
        one = nearest[one]
    return one
