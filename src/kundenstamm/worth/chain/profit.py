"""What a chain brings: each member once, to the last digit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kundenstamm.worth.chain.links import Chain, Name

# The ledger's last digit.
DIGITS = 4
UNIT = Decimal(1).scaleb(-DIGITS)


@dataclass(frozen=True, slots=True)
class Profit:
    """Of one link: its own contribution III, and its share of everything behind it; money."""

    own: Decimal
    behind: Decimal

    @property
    def whole(self) -> Decimal:
        return self.own + self.behind


def profits(chain: Chain, own: Mapping[Name, Decimal]) -> dict[Name, Profit]:
    """Of every member, from the end customers upwards.

    Parameters
    ----------
    own
        Contribution III by member, in whole ten-thousandths; nil for those who are not in it.

    Returns
    -------
    dict
        The sum of ``whole`` over ``chain.tops()`` is the sum of ``own`` over all members.

    Raises
    ------
    ValueError
        A contribution has more digits than the ledger keeps.
    """
    return dict(Profits(chain, own, {}))


class Profits(Mapping[Name, Profit]):
    """The same, each put together when it is asked for; raises as `profits`.

    Whom ``folded`` names has others behind it who are not in the chain: its profit is known.
    """

    def __init__(
        self, chain: Chain, own: Mapping[Name, Decimal], folded: Mapping[Name, Profit]
    ) -> None:
        self._units = {name: _units(own[name]) if name in own else 0 for name in chain.order}
        self._units |= {name: _units(each.own) for name, each in folded.items()}
        self._behind = dict.fromkeys(chain.order, 0)
        self._behind |= {name: _units(each.behind) for name, each in folded.items()}
        _pass_up(chain, self._units, self._behind)

    def __getitem__(self, name: Name) -> Profit:
        return Profit(self._units[name] * UNIT, self._behind[name] * UNIT)

    def __iter__(self) -> Iterator[Name]:
        return iter(self._units)

    def __len__(self) -> int:
        return len(self._units)


def _pass_up(chain: Chain, units: Mapping[Name, int], behind: dict[Name, int]) -> None:
    """Add what stands at each to what is behind those who supply it, by their shares."""
    for name in reversed(chain.order):
        above = chain.suppliers.get(name, ())
        if above:
            parts = split(units[name] + behind[name], [each.volume for each in above])
            for supply, part in zip(above, parts, strict=True):
                behind[supply.supplier] += part


def split(amount: int, volumes: Sequence[float]) -> list[int]:
    """Whole units in proportion to volumes, by the largest remainder; the parts sum up to all.

    Equal parts where no volume is known. Of a negative amount the parts are those of the positive
    one, turned round.
    """
    if len(volumes) == 1:
        return [amount]
    weights = _whole(volumes)
    total = sum(weights)
    parts, rests = [], []
    for weight in weights:
        part, rest = divmod(abs(amount) * weight, total)
        parts.append(part)
        rests.append(-rest)
    missing = abs(amount) - sum(parts)
    for at in sorted(range(len(parts)), key=rests.__getitem__)[:missing]:
        parts[at] += 1
    return parts if amount >= 0 else [-part for part in parts]


def _whole(volumes: Sequence[float]) -> list[int]:
    """Whole numbers in the very same proportion; ones where no volume is known.

    The denominator of a float is a power of two, so the largest is a multiple of each.
    """
    ratios = [volume.as_integer_ratio() for volume in volumes]
    unit = max(below for _above, below in ratios)
    weights = [above * (unit // below) for above, below in ratios]
    return weights if any(weights) else [1] * len(volumes)


def _units(amount: Decimal) -> int:
    units = amount.scaleb(DIGITS)
    whole = int(units)
    if whole != units:
        raise ValueError(f"{amount} has more digits than the ledger keeps.")
    return whole
