"""Go, go later, smaller, or no: the best way among those that our hands can work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kundenstamm.worth.pursuit.capacity import (
    Overflow,
    Overtime,
    can_be_worked,
    overflow,
    overtime_cost,
)
from kundenstamm.worth.pursuit.plan import Plan, Pool
from kundenstamm.worth.pursuit.present_value import Try, worth_trying
from kundenstamm.worth.sentences import Sentence, gettext_noop

LATEST = 12
PARTS = (0.75, 0.5, 0.25)
# Later or smaller must bring so much more than now, as a share.
CLEARLY = 0.02

# Values are money of today, ``share`` and ``rebate`` are shares, ``month`` counts
# from 1: who shows it names it.
BRINGS = gettext_noop(
    "A try is expected to bring {expected}: {chance} of {if_won}, less {winning}."
)
LOSES = gettext_noop(
    "A try is expected to lose {expected}: {chance} of {if_won} do not pay for {winning}."
)
NEVER = gettext_noop("Even once won, this customer would lose {if_won}.")
CHEAPER = gettext_noop("It pays if winning costs no more than {most}.")
BELOW = gettext_noop("It pays up to a rebate of {rebate}; {asked} are asked.")
FULL = gettext_noop("{pool} has {minutes} minutes too few in {month}.")
LATER = gettext_noop("From {month} on there are hands enough.")
SMALLER = gettext_noop("{share} of it can be served at once.")
OVERTIME = gettext_noop("Overtime costs {overtime}, which it bears.")
NO_HANDS = gettext_noop("There are no hands for it in the coming twelve months, not even in part.")


class Verdict(StrEnum):
    GO = "go"
    LATER = "later"
    SMALLER = "smaller"
    NO = "no"


@dataclass(frozen=True)
class Way:
    """One way to go about it.

    Attributes
    ----------
    months_later, share
        Of the plan.
    trying
        What it brings on average before overtime.
    overflow
        Minutes that are not there.
    overtime
        What these cost on average beyond the rate: with the chance of winning.
    is_open
        Whether people can work that.
    """

    months_later: int
    share: float
    plan: Plan
    trying: Try
    overflow: tuple[Overflow, ...]
    overtime: float
    is_open: bool

    @property
    def expected(self) -> float:
        return self.trying.expected - self.overtime


@dataclass(frozen=True)
class Judged:
    """The verdict with what it rests on; ``best`` is the way it means, ``ways`` are all of them.

    Where the verdict is no, ``best`` is the way that would lose least.
    """

    verdict: Verdict
    best: Way
    now: Way
    ways: tuple[Way, ...]
    reasons: tuple[Sentence, ...]


def verdict(
    plan: Plan,
    pools: Sequence[Pool],
    *,
    chance: float,
    winning: float,
    overtime: Overtime | None = None,
) -> Judged:
    """What to do about a pursuit.

    Parameters
    ----------
    chance, winning
        As `kundenstamm.worth.pursuit.present_value.worth_trying`.
    overtime
        What beyond capacity is possible.

    Raises
    ------
    PlanError
        As the plan, or a pool that is not there.
    """
    more = overtime or Overtime()

    def way(months: int, share: float) -> Way:
        it = plan.later(months).part(share)
        trying = worth_trying(it, pools, chance=chance, winning=winning)
        short = overflow(it, pools)
        cost = chance * overtime_cost(it, pools, short, more)
        return Way(months, share, it, trying, short, cost, can_be_worked(short, more))

    now = way(0, 1.0)
    ways = (
        now,
        *(way(months, 1.0) for months in range(1, LATEST + 1)),
        *(way(0, share) for share in PARTS),
    )
    best = _best(now, ways)
    told = _told(now, best)
    return Judged(told, best, now, ways, tuple(_reasons(told, now, best, chance, winning)))


def _best(now: Way, ways: Sequence[Way]) -> Way:
    """The open way of which most is expected; now, unless another is clearly better."""
    open_ways = [way for way in ways if way.is_open] or list(ways)
    best = max(open_ways, key=lambda way: way.expected)
    enough = best.expected <= now.expected + CLEARLY * abs(now.expected)
    return now if now.is_open and enough else best


def _told(now: Way, best: Way) -> Verdict:
    if best.expected <= 0 or not best.is_open:
        return Verdict.NO
    if best is now:
        return Verdict.GO
    return Verdict.LATER if best.months_later else Verdict.SMALLER


def _reasons(told: Verdict, now: Way, best: Way, chance: float, winning: float) -> list[Sentence]:
    values = {"chance": chance, "if_won": best.trying.if_won, "winning": winning}
    if told == Verdict.NO:
        return _against(best, values)
    found = [Sentence(BRINGS, values | {"expected": best.expected})]
    if told != Verdict.GO:
        found.append(_first_short(now))
        if told == Verdict.LATER:
            found.append(Sentence(LATER, {"month": best.plan.first_month + 1}))
        else:
            found.append(Sentence(SMALLER, {"share": best.share}))
    if best.overflow:
        found.append(Sentence(OVERTIME, {"overtime": best.overtime}))
    return found


def _against(best: Way, values: dict[str, float]) -> list[Sentence]:
    trying = best.trying
    if trying.if_won <= 0:
        found = [Sentence(NEVER, {"if_won": -trying.if_won})]
    elif best.expected <= 0:
        found = [
            Sentence(LOSES, values | {"expected": -best.expected}),
            Sentence(CHEAPER, {"most": max(trying.most - best.overtime, 0.0)}),
        ]
    else:
        return [_first_short(best), Sentence(NO_HANDS)]
    if trying.walk_away is not None and 0 <= trying.walk_away < best.plan.rebate:
        asked = {"rebate": trying.walk_away, "asked": best.plan.rebate}
        found.append(Sentence(BELOW, asked))
    return found


def _first_short(way: Way) -> Sentence:
    worst = max(way.overflow, key=lambda each: each.minutes)
    values = {"pool": worst.pool, "minutes": worst.minutes, "month": worst.month + 1}
    return Sentence(FULL, values)
