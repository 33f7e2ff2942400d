"""Before signing: what proposed terms do to one customer's contribution.

Rules in prose and worked examples: ``docs/algorithms/decisions.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kundenstamm.worth.decisions.year import Change, Year, changed

# Points of the interval at which the change is reckoned; tiers make it bend between the ends.
POINTS = 21


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True)
class WhatIf:
    """Twelve months before and under the proposed terms.

    Attributes
    ----------
    before, after
        The year as it is, and changed.
    gain
        Contribution III after less before; money.
    gain_interval, after_interval
        The same over the interval of what the customer buys, None where that is not known.
    break_even
        Share by which quantity must change so that contribution III is what it was before; None
        where no growth makes up for the concession. It may be negative: so much may be lost.
    walk_away
        The rebate, in place of the proposed one and of tiers, at which contribution III is just
        what is required. Negative: not even without a rebate. None without turnover.
    """

    before: Year
    after: Year
    gain: float
    gain_interval: Interval | None
    after_interval: Interval | None
    break_even: float | None
    walk_away: float | None


def what_if(
    year: Year, change: Change, *, required_margin: float = 0.0, interval: Interval | None = None
) -> WhatIf:
    """Compare one customer's twelve months with and without the proposed terms.

    Parameters
    ----------
    year
        The last twelve months, or what is expected of the coming ones (`Year.expected`).
    change
        The proposal.
    required_margin
        Share of net revenue that contribution III must keep at the walk-away rebate; below 1.
    interval
        Of contribution III as it is now (the estimate's interval): it is taken for uncertainty
        about quantity as far as a quantity explains it, the rest moves both figures alike.
    """
    after = changed(year, change)
    gain = after.contribution_3 - year.contribution_3
    gains, afters = _intervals(year, change, interval) if interval else (None, None)
    return WhatIf(
        before=year,
        after=after,
        gain=gain,
        gain_interval=gains,
        after_interval=afters,
        break_even=break_even(year, change),
        walk_away=walk_away(year, change, required_margin),
    )


def break_even(year: Year, change: Change) -> float | None:
    """The least change of quantity at which contribution III is not below what it was.

    Without tiers, costs of service and payment days this is the published −Δp / (CM + Δp) (Nagle &
    Müller, *The Strategy and Tactics of Pricing*). Contribution is a straight line of quantity
    between two tiers; on one that does not rise, no growth makes up for anything.
    """
    for first, end in _stretches(year, change):
        fixed, unit = _line(year, change, (first + min(end, first + 1)) / 2)
        if unit <= 0:
            continue
        wanted = max((year.contribution_3 - fixed) / unit, first)
        if wanted < end:
            return wanted - 1
    return None


def walk_away(year: Year, change: Change, required_margin: float = 0.0) -> float | None:
    """The rebate on turnover at which contribution III is ``required_margin`` of net revenue."""
    bare = changed(year, replace(change, rebate=0.0, tiers=()))
    # A rebate lowers revenue, and with it what waiting for it costs and what is required.
    each = bare.turnover * (1 - required_margin - change.financing)
    if bare.turnover <= 0 or each <= 0:
        return None
    return (bare.contribution_3 - required_margin * bare.net_revenue) / each


def _stretches(year: Year, change: Change) -> Iterator[tuple[float, float]]:
    """Quantities (1: as today) from one tier to the next."""
    turnover = year.turnover * (1 + change.price)
    bounds = {tier.turnover / turnover for tier in change.tiers} if turnover > 0 else set()
    ends = sorted({0.0, *bounds})
    yield from zip(ends, [*ends[1:], float("inf")], strict=True)


def _line(year: Year, change: Change, within: float) -> tuple[float, float]:
    """Contribution III as ``fixed + unit × quantity``, on the stretch that ``within`` is in."""
    turnover = year.turnover * (1 + change.price) * within
    flat = replace(change, rebate=change.rebate + change.tier_rebate(turnover), tiers=(), volume=0)
    fixed = changed(year, replace(flat, volume=-1.0)).contribution_3
    return fixed, changed(year, flat).contribution_3 - fixed


def _intervals(year: Year, change: Change, interval: Interval) -> tuple[Interval, Interval]:
    ends = [_volume(year, at) for at in (interval.low, interval.high)]
    rests = [
        at - _at(year, volume)
        for at, volume in zip((interval.low, interval.high), ends, strict=True)
    ]
    gains, afters = [], []
    for step in range(POINTS):
        share = step / (POINTS - 1)
        volume, rest = (pair[0] + (pair[1] - pair[0]) * share for pair in (ends, rests))
        now = _bought(year, volume)
        then = changed(now, change).contribution_3
        gains.append(then - now.contribution_3)
        afters.append(then + rest)
    gains.append(changed(year, change).contribution_3 - year.contribution_3)
    return Interval(min(gains), max(gains)), Interval(min(afters), max(afters))


def _volume(year: Year, contribution: float) -> float:
    """The quantity at which the customer would bring this, not below nil; 1 where none does."""
    fixed = _at(year, 0.0)
    unit = year.contribution_3 - fixed
    return max((contribution - fixed) / unit, 0.0) if unit > 0 else 1.0


def _at(year: Year, volume: float) -> float:
    return _bought(year, volume).contribution_3


def _bought(year: Year, volume: float) -> Year:
    return changed(year, Change(volume=volume - 1))
