"""What following the verdicts on pursuits brings, over invented companies with known truth.

Usage: python benchmarks/pursuit.py [SEEDS]          (20 by default, from 3001 on)

Seeds 3001–3020 of ``kundenstamm.worth.synthetic.pursuing``: none was looked at while the rules were
made. Sixty prospects come in a year; each that is won is followed for two years. Money of today,
winning and overtime taken off; minutes that nobody can work cost five times their rate, as existing
customers go without. "Best possible" knows who can be won and what they are, and plans all of them
at once (a mixed-integer program, within 1 % of its optimum).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, hstack, identity, vstack

from kundenstamm.worth.pursuit.capacity import Overtime
from kundenstamm.worth.pursuit.comparables import Drawn, drawn
from kundenstamm.worth.pursuit.optimism import Optimism
from kundenstamm.worth.pursuit.plan import Plan, Pool
from kundenstamm.worth.pursuit.present_value import interval_if_won
from kundenstamm.worth.pursuit.verdict import Verdict, verdict
from kundenstamm.worth.synthetic.pursuing import (
    MONTHS,
    Prospect,
    PursuingCompany,
    pursuing_company,
)

FIRST_SEED, SEEDS = 3001, 20
WAIT = 12
HORIZON = 12 + WAIT + MONTHS + 1
SHARES = (1.0, 0.75, 0.5, 0.25)
OVERTIME = Overtime()
UNSERVED = 5.0
DISCOUNT = 1.1 ** -(np.arange(HORIZON) / 12)


@dataclass(frozen=True)
class Start:
    month: int
    share: float = 1.0


Starts = Mapping[int, Start]
Policy = Callable[[PursuingCompany], Starts]


def main(seeds: int) -> None:
    policies: dict[str, Policy] = {
        "every pursuit": everything,
        "the biggest first": biggest_first,
        "what pays by its own sheet": by_sheet,
        "**following the verdicts**": by_verdict,
        "best possible": best,
    }
    rows, inside = [], []
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        company = pursuing_company(seed)
        rows.append([earned(company, policy(company)) for policy in policies.values()])
        inside += calibrated(company)
    table = np.array(rows)
    print(f"{seeds} companies, 60 prospects each; mean ± standard error\n")
    print("| | money of today | of the way from every pursuit to the best |")
    print("|---|---:|---:|")
    way = table - table[:, :1]
    for at, name in enumerate(policies):
        error = table[:, at].std(ddof=1) / seeds**0.5
        share = way[:, at].sum() / way[:, -1].sum()
        print(f"| {name} | {table[:, at].mean():,.0f} ± {error:,.0f} | {share:.2f} |")
    print(
        f"\nInterval of 80 % of {len(inside)} customers who were won: {np.mean(inside):.1%} inside."
    )


def everything(company: PursuingCompany) -> Starts:
    return {at: Start(each.arrives) for at, each in enumerate(company.prospects)}


def biggest_first(company: PursuingCompany) -> Starts:
    """Each quarter the largest promises, as long as the coming year has hands for them."""
    left = free(company)
    starts: dict[int, Start] = {}
    for quarter in range(0, 12, 3):
        new = [at for at, each in enumerate(company.prospects) if each.arrives // 3 == quarter // 3]
        for at in sorted(new, key=lambda at: -company.prospects[at].plan.turnover):
            need, month = planned(company.prospects[at].plan, company.pools), quarter + 2
            if (left[:, month : month + 12] >= need[:, None]).all():
                starts[at] = Start(month)
                left[:, month:] -= need[:, None] * company.prospects[at].chance
    return starts


def by_sheet(company: PursuingCompany) -> Starts:
    """A spreadsheet: chance × promised value against the cost of winning; no hands, no doubt."""
    endless = tuple(replace(pool, free=(1e9,)) for pool in company.pools)
    return {
        at: Start(each.arrives)
        for at, each in enumerate(company.prospects)
        if verdict(sheet(each), endless, chance=each.chance, winning=each.winning).verdict
        != Verdict.NO
    }


def by_verdict(company: PursuingCompany) -> Starts:
    """Judged on arrival with the hands that are then left; who is to wait is judged again."""
    optimism = Optimism.of(company.past)
    waiting = [(each.arrives, at) for at, each in enumerate(company.prospects)]
    starts: dict[int, Start] = {}
    for now in range(12 + WAIT):
        for at in [at for month, at in waiting if month == now]:
            each = company.prospects[at]
            pools = left_over(company, starts, now)
            told = verdict(
                corrected(each, optimism), pools, chance=each.chance, winning=each.winning
            )
            if told.verdict in (Verdict.GO, Verdict.SMALLER):
                starts[at] = Start(now, told.best.share)
            elif (
                told.verdict == Verdict.LATER
                and now + told.best.months_later <= each.arrives + WAIT
            ):
                waiting.append((now + told.best.months_later, at))
    return starts


def sheet(each: Prospect) -> Plan:
    return replace(each.plan, months=MONTHS)


def corrected(each: Prospect, optimism: Optimism) -> Plan:
    """The promise, less the company's optimism, drawn to comparable customers of its size."""
    return replace(sheet(each), turnover=told_of(each, optimism).turnover)


def told_of(each: Prospect, optimism: Optimism) -> Drawn:
    return drawn(each.plan.turnover * optimism.factor, each.comparable)


def left_over(company: PursuingCompany, starts: Starts, now: int) -> tuple[Pool, ...]:
    """Free minutes from now on: who was won needs his, whoever is tried needs them by chance."""
    left = free(company)
    for at, start in starts.items():
        each = company.prospects[at]
        known = start.month < now
        chance = float(each.truth.wins) if known else each.chance
        need = planned(each.plan, company.pools) * start.share * chance
        ages = np.arange(HORIZON) - start.month
        there = np.where(ages >= 0, each.plan.staying ** (np.maximum(ages, 0) / 12), 0.0)
        left -= need[:, None] * there
    return tuple(
        replace(pool, free=tuple(row[now:].tolist()))
        for pool, row in zip(company.pools, left, strict=True)
    )


def free(company: PursuingCompany) -> np.ndarray:
    """Shape ``(pools, HORIZON)``."""
    return np.array([pool.free[:HORIZON] for pool in company.pools])


def planned(plan: Plan, pools: tuple[Pool, ...]) -> np.ndarray:
    return np.array([plan.minutes[pool.name] for pool in pools])


def flows(each: Prospect, start: Start, pools: tuple[Pool, ...]) -> tuple[float, np.ndarray]:
    """What a start really brings before overtime, and its minutes, ``(pools, HORIZON)``."""
    spent = each.winning * DISCOUNT[start.month]
    minutes = np.zeros((len(pools), HORIZON))
    if not each.truth.wins:
        return -spent, minutes
    there = np.arange(MONTHS) < each.truth.leaves_after
    months = slice(start.month, start.month + MONTHS)
    minutes[:, months] = each.truth.minutes[:, None] * start.share * there
    rates = np.array([pool.rate for pool in pools])
    brought = each.truth.months(each.plan.rebate) * start.share - rates @ minutes[:, months]
    return float(brought @ DISCOUNT[months]) - spent, minutes


def earned(company: PursuingCompany, starts: Starts) -> float:
    total, used = 0.0, np.zeros((len(company.pools), HORIZON))
    for at, start in starts.items():
        brought, minutes = flows(company.prospects[at], start, company.pools)
        total, used = total + brought, used + minutes
    rates = np.array([pool.rate for pool in company.pools])[:, None]
    most = np.array([pool.capacity * OVERTIME.most for pool in company.pools])[:, None]
    over = np.maximum(used - np.maximum(free(company), 0), 0)
    worked = np.minimum(over, most)
    cost = worked * rates * (OVERTIME.multiple - 1) + (over - worked) * rates * UNSERVED
    return total - float((cost * DISCOUNT).sum())


def best(company: PursuingCompany) -> Starts:
    """Who is won, when and how much of each, all at once."""
    choices = [
        (at, Start(month, share))
        for at, each in enumerate(company.prospects)
        if each.truth.wins
        for month in range(each.arrives, each.arrives + WAIT + 1)
        for share in SHARES
    ]
    found = [flows(company.prospects[at], start, company.pools) for at, start in choices]
    size, cells = len(choices), len(company.pools) * HORIZON
    minutes = coo_array(np.array([each.ravel() for _, each in found]).T)
    rates = np.repeat([pool.rate for pool in company.pools], HORIZON) * np.tile(
        DISCOUNT, len(company.pools)
    )
    most = np.repeat([pool.capacity * OVERTIME.most for pool in company.pools], HORIZON)
    once = coo_array(
        (np.ones(size), ([at for at, _ in choices], range(size))),
        shape=(len(company.prospects), size),
    )
    cost = np.concatenate(
        [[-brought for brought, _ in found], rates * (OVERTIME.multiple - 1), rates * UNSERVED]
    )
    hands = hstack([minutes, -identity(cells), -identity(cells)])
    alone = hstack([once, coo_array((len(company.prospects), 2 * cells))])
    limits = np.concatenate([np.maximum(free(company), 0).ravel(), np.ones(len(company.prospects))])
    solved = milp(
        cost,
        constraints=LinearConstraint(vstack([hands, alone]).tocsc(), -np.inf, limits),
        integrality=np.concatenate([np.ones(size), np.zeros(2 * cells)]),
        bounds=Bounds(0, np.concatenate([np.ones(size), most, np.full(cells, np.inf)])),
        options={"mip_rel_gap": 0.01, "time_limit": 60},
    )
    return {
        at: start
        for (at, start), taken in zip(choices, solved.x[:size], strict=True)
        if taken > 0.5
    }


def calibrated(company: PursuingCompany) -> list[bool]:
    """Whether what came of each who could be won lies within the interval of its plan."""
    optimism, inside = Optimism.of(company.past), []
    for each in company.prospects:
        if each.truth.wins:
            told = interval_if_won(
                corrected(each, optimism),
                company.pools,
                told_of(each, optimism).uncertain(optimism),
            )
            came, _ = flows(replace(each, winning=0.0), Start(0), company.pools)
            inside.append(told.low <= came <= told.high)
    return inside


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)
