"""What each channel cost and brought: the numbers of the growth page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kundenstamm.acquisition import frames
from kundenstamm.acquisition.frames import Cost, Won
from kundenstamm.acquisition.models import Channel
from kundenstamm.acquisition.queries import channels
from kundenstamm.guard.models import User
from kundenstamm.guard.queries import sees_whole_base
from kundenstamm.guard.rights import Reach, Right, demand, reach_of
from kundenstamm.lifecycle.models import ValuationRun
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.worth.acquisition import channels as worth
from kundenstamm.worth.acquisition.attribution import Attribution, credits
from kundenstamm.worth.acquisition.spending import MoreSpend, more_spend
from kundenstamm.worth.decisions.terms import Interval

# After so many months profit is told.
AFTER = (6, 12, 24)
UNKNOWN = ""


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
    """``whole``: nobody is kept from the reader; ``costs``: what winning costs may be told."""

    run: ValuationRun
    way: Attribution
    year: int | None
    years: list[int]
    results: list[Result]
    prospects: int
    whole: bool
    costs: bool


def growth(actor: User, way: Attribution, year: int | None = None) -> Growth | None:
    """Of customers that the actor knows, all or those won in a year; None before any valuation.

    Raises
    ------
    Forbidden
        The actor may not see what channels cost and bring.
    """
    demand(actor, Right.MARKETING)
    run = latest_run()
    if run is None:
        return None
    found, whole = frames.customers(actor, run), sees_whole_base(actor)
    # Who knows some only would divide everybody's cost by their few.
    told = reach_of(actor) is Reach.ALL
    spent = frames.costs(run.as_of)
    by_code = {each.code: each for each in channels()}
    results = [
        _result(of, code, found, [each for each in spent if each.channel == code], way, run,
                year if year else None, told)
        for code, of in [*by_code.items(), (UNKNOWN, None)]
    ]  # fmt: skip
    shown = [each for each in results if each.customers or each.spent or each.of]
    years = sorted({each.day.year for each in found if each.day}, reverse=True)
    prospects = sum(each.day is None for each in found)
    return Growth(run, way, year, years, shown, prospects, whole, told)


def _result(
    of: Channel | None, code: str, found: Sequence[Won], spent: Sequence[Cost], way: Attribution,
    run: ValuationRun, year: int | None, told: bool
) -> Result:  # fmt: skip
    shares = [(each, _credit(each, code, way)) for each in found]
    began = min((each.month for each in spent), default=None)
    mine = [
        (each, part) for each, part in shares
        if part and each.day is not None and year in (None, each.day.year)
    ]  # fmt: skip
    counted = sum(
        (part for each, part in mine if began is None or (each.day and each.day >= began)), 0.0
    )
    chosen = [each for each in spent if year in (None, each.month.year)]
    cost = sum(each.amount for each in chosen) + _own(shares, began, year)
    winning = worth.cost_of_winning(max(cost, 0.0), counted) if told and of else None
    each_cost = (winning.cost if winning else None) or 0.0
    weights = [part for _won, part in mine]
    cohort = worth.cohort([each.months for each, _part in mine], each_cost, weights)
    later = [(each.lifetime, part) for each, part in mine if each.lifetime is not None]
    return Result(
        of, sum(weights), len(mine), began, counted, cost,
        sum((each.unvalued for each in chosen), Decimal(0)), winning,
        worth.share(sum(part for each, part in mine if each.regular), sum(weights)), cohort,
        tuple(_after(cohort, months, each_cost) for months in AFTER),
        worth.spread([value for value, _part in later], [part for _value, part in later]),
        _more(spent, shares, run.as_of),
    )  # fmt: skip


def _credit(of: Won, code: str, way: Attribution) -> float:
    if not of.path:
        return 1.0 if code == UNKNOWN else 0.0
    return float(credits(of.path, way).get(code, 0))


def _own(shares: Iterable[tuple[Won, float]], began: date | None, year: int | None) -> float:
    """What the ledger says that winning took, of prospects too, since spending is known."""
    return sum(
        part * amount
        for each, part in shares
        if part
        for month, amount in each.winning
        if (began is None or month >= began) and year in (None, month.year)
    )


def _after(cohort: worth.Cohort, months: int, cost: float) -> After:
    profit = cohort.profit(months, cost)
    if profit is None:
        return After(months, None, Interval(float("nan"), float("nan")), 0)
    low, high = cohort.low[months - 1] - cost, cohort.high[months - 1] - cost
    return After(months, profit, Interval(low, high), cohort.known[months - 1])


def _more(spent: Sequence[Cost], shares: Iterable[tuple[Won, float]], as_of: date) -> MoreSpend:
    """By whole months: the running one has not won all it will yet."""
    by_month = {each.month: each.amount for each in spent if each.month < as_of.replace(day=1)}
    came: dict[date, float] = defaultdict(float)
    for each, part in shares:
        if each.day is not None:
            came[each.day.replace(day=1)] += part
    months = sorted(by_month)
    return more_spend([by_month[each] for each in months], [came[each] for each in months])
