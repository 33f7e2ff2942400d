"""What each channel cost and brought: the numbers of the growth page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kundenstamm.acquisition import frames, reading
from kundenstamm.acquisition.frames import Cost
from kundenstamm.acquisition.models import Channel
from kundenstamm.acquisition.preparing import UNKNOWN, newest
from kundenstamm.acquisition.queries import channels
from kundenstamm.acquisition.reading import OfChannel
from kundenstamm.guard.models import User
from kundenstamm.guard.queries import sees_whole_base
from kundenstamm.guard.rights import Reach, Right, demand, reach_of
from kundenstamm.lifecycle.models import ValuationRun
from kundenstamm.worth.acquisition import channels as worth
from kundenstamm.worth.acquisition.attribution import Attribution
from kundenstamm.worth.acquisition.spending import MoreSpend, more_spend
from kundenstamm.worth.acquisition.sums import Sums, spread
from kundenstamm.worth.decisions.terms import Interval

# After so many months profit is told.
AFTER = (6, 12, 24)


@dataclass(frozen=True)
class After:
    """Profit per customer after so many months, winning taken off; None: nobody is so old."""

    months: int
    profit: float | None
    interval: Interval
    known: int


@dataclass(frozen=True)
class Result:
    """One channel; ``of`` is None for those of whom nobody knows how they came.

    Attributes
    ----------
    won
        Credits: customers, shared between channels.
    counted_from
        Spending is known from this month on; won before it was nobody's cost. None: none is.
    spent
        Money in that time: what was noted, and what the ledger says of the customers.
    winning
        None for who does not know everybody: others' customers belong to the cost, too.
    later
        Expected contribution of the profile's years per customer, discounted.
    """

    of: Channel | None
    won: float
    customers: int
    counted_from: date | None
    counted: float
    spent: float
    unvalued: Decimal
    winning: worth.Cost | None
    regulars: worth.Share
    cohort: worth.Cohort
    after: tuple[After, ...]
    later: tuple[float | None, Interval]
    more: MoreSpend


@dataclass(frozen=True)
class Growth:
    """``whole``: nobody is kept from the reader; ``costs``: what winning costs may be told.

    ``prepared``: whatever was noted of customers since is counted in with the next pass.
    """

    run: ValuationRun
    prepared: datetime
    way: Attribution
    year: int | None
    years: list[int]
    results: list[Result]
    prospects: int
    whole: bool
    costs: bool


def growth(actor: User, way: Attribution, year: int | None = None) -> Growth | None:
    """Of customers that the actor knows, all or those won in a year; None before the first pass.

    Raises
    ------
    Forbidden
        The actor may not see what channels cost and bring.
    """
    demand(actor, Right.MARKETING)
    made = newest()
    if made is None:
        return None
    found, whole = reading.told(actor, way), sees_whole_base(actor)
    # Who knows some only would divide everybody's cost by their few.
    asked = _Asked(year or None, made.run.as_of, reach_of(actor) is Reach.ALL)
    spent = frames.costs(made.run.as_of)
    by_code = {each.code: each for each in channels()}
    results = [
        _result(of, found.channels.get(code, OfChannel()),
                [each for each in spent if each.channel == code], asked)
        for code, of in [*by_code.items(), (UNKNOWN, None)]
    ]  # fmt: skip
    shown = [each for each in results if each.customers or each.spent or each.of]
    won = (each.won_in(None) for each in found.channels.values())
    years = sorted({month.year for months in won for month, _each in months}, reverse=True)
    return Growth(made.run, made.made_at, way, year, years, shown, found.prospects, whole,
                  asked.costs)  # fmt: skip


@dataclass(frozen=True)
class _Asked:
    year: int | None
    as_of: date
    costs: bool


def _result(of: Channel | None, found: OfChannel, spent: Sequence[Cost], asked: _Asked) -> Result:
    began = min((each.month for each in spent), default=None)
    mine = found.won_in(asked.year)
    counted = sum(each.won for month, each in mine if began is None or month >= began)
    chosen = [each for each in spent if asked.year in (None, each.month.year)]
    cost = sum(each.amount for each in chosen) + _own(found, began, asked.year)
    winning = worth.cost_of_winning(max(cost, 0.0), counted) if asked.costs and of else None
    each_cost = (winning.cost if winning else None) or 0.0
    cohort = worth.cohort_of(found.cohort(asked.year), each_cost)
    won = sum(each.won for _month, each in mine)
    return Result(
        of, won, sum(each.customers for _month, each in mine), began, counted, cost,
        sum((each.unvalued for each in chosen), Decimal(0)), winning,
        worth.share(min(sum(each.regulars for _month, each in mine), won), won), cohort,
        tuple(_after(cohort, months, each_cost) for months in AFTER),
        spread(sum((each.expected for _month, each in mine), Sums())),
        _more(spent, found, asked.as_of),
    )  # fmt: skip


def _own(found: OfChannel, began: date | None, year: int | None) -> float:
    """What the ledger says that winning took, of prospects too, since spending is known."""
    return sum(
        each.took
        for month, each in found.months.items()
        if (began is None or month >= began) and year in (None, month.year)
    )


def _after(cohort: worth.Cohort, months: int, cost: float) -> After:
    profit = cohort.profit(months, cost)
    if profit is None:
        return After(months, None, Interval(float("nan"), float("nan")), 0)
    low, high = cohort.low[months - 1] - cost, cohort.high[months - 1] - cost
    return After(months, profit, Interval(low, high), cohort.known[months - 1])


def _more(spent: Sequence[Cost], found: OfChannel, as_of: date) -> MoreSpend:
    """By whole months: the running one has not won all it will yet."""
    by_month = {each.month: each.amount for each in spent if each.month < as_of.replace(day=1)}
    came = {month: each.won for month, each in found.won_in(None)}
    months = sorted(by_month)
    return more_spend([by_month[each] for each in months], [came.get(each, 0.0) for each in months])
