"""Loss-makers, ratchets and repair advice against what is true by construction, over 20 seeds.

Usage: python benchmarks/decisions.py [SEEDS]

Seeds 121–140 of ``kundenstamm.worth.synthetic``: none was looked at while the rules were made.
The rules see two years up to a day; the truth is the year after it, played several times with the
customers' hidden answers (``synthetic/reactions.py``, ``coming.py``, ``answers.py``).
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import polars as pl

from kundenstamm.terms.rules import Promise, ratchets
from kundenstamm.worth.decisions.loss import Loss, avoidable_share
from kundenstamm.worth.decisions.repair import Advice, advice
from kundenstamm.worth.decisions.rungs import Rung
from kundenstamm.worth.decisions.terms import Interval
from kundenstamm.worth.decisions.year import WORK, Year
from kundenstamm.worth.levels import Kind
from kundenstamm.worth.synthetic import base, coming, sample_company
from kundenstamm.worth.synthetic.answers import World, answered, kept
from kundenstamm.worth.synthetic.company import Plan
from kundenstamm.worth.synthetic.concessions import concessions
from kundenstamm.worth.synthetic.reactions import POOL_OF, loads, reactions

UNTIL = date(2026, 6, 30)
SEEDS = range(121, 141)
AGAIN = 4
PERMANENT_AFTER = 2
KEEP = "keep"
# As the pages take it.
QUANTITY = Interval(0.8, 1.2)


@dataclass(frozen=True)
class Known:
    """What the rules see of one customer: the year before the cut."""

    year: Year
    orders: tuple[float, ...]
    won: float
    reductions: float


def main() -> None:
    seeds = range(SEEDS[0], SEEDS[0] + int(sys.argv[1])) if len(sys.argv) > 1 else SEEDS
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    brought: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for seed in seeds:
        company = Company(seed)
        for name, pair in [*loss_makers(company), *ratchets_found(company.plan)]:
            found[name].append(pair)
        for name, values in repaired(company):
            brought[name].append(values)
        print(f"seed {seed} done", file=sys.stderr)
    print(f"Seeds {seeds[0]} to {seeds[-1]}; mean (least–most over the seeds)\n")
    print("| found | precision | recall |\n|---|---:|---:|")
    for name, pairs in found.items():
        print(
            f"| {name} | {' | '.join(spread(each, '.2f') for each in zip(*pairs, strict=True))} |"
        )
    print(
        "\n| advice for loss-makers | € a year | of the best | the best rung | parted | wrongly |"
    )
    print("|---|---:|---:|---:|---:|---:|")
    for name, rows in brought.items():
        money, hit, parted, wrongly = zip(*rows, strict=True)
        of_best = sum(money) / sum(row[0] for row in brought["best by construction"])
        cells = (spread(money, ",.0f"), f"{of_best:.2f}", spread(hit, ".2f"),
                 spread(parted, ".1f"), spread(wrongly, ".1f"))  # fmt: skip
        print(f"| {name} | {' | '.join(cells)} |")


class Company:
    """One seed: what is known at the cut, and what comes after it."""

    def __init__(self, seed: int) -> None:
        self.plan = Plan(UNTIL, seed)
        self.cut = UNTIL - timedelta(days=365)
        made = base.buyers(self.plan)
        begins = self.plan.days - 365
        # Long enough a customer, and still one on the day.
        self.judged = {
            b.number: b
            for b in made
            if b.start <= begins - 365 and (b.end is None or b.end > begins)
        }
        self.answers, pools = reactions(self.plan, made), loads(self.plan)
        self.years = [coming.played(self.plan, made, n) for n in range(1, AGAIN + 1)]
        self.worlds = [World(pools, coming.overtime(year, pools)) for year in self.years]
        lines, self.used = _before(self.plan, self.cut)
        self.known = {n: known for n, known in lines.items() if n in self.judged}
        self.shares = self._shares(pools)

    def _shares(self, pools: dict) -> dict[Kind, float]:
        """The company knows what its pools can work; what they worked is in its books."""
        done: dict[str, float] = defaultdict(float)
        for year in self.years:
            for one in year.values():
                for kind, _month, minutes in coming.work(one):
                    done[POOL_OF[kind]] += minutes / AGAIN
        return {
            kind: avoidable_share(self.used[pool], done[pool] / pools[pool].fullness)
            for kind, pool in POOL_OF.items()
        }

    def loss(self, number: str, shares: dict[Kind, float] | None = None) -> Loss:
        known = self.known[number]
        return Loss(
            known.year,
            one_off={Kind.ACQUISITION: known.won},
            avoidable=shares or self.shares,
            orders=known.orders,
            dealer=self.judged[number].link != "dealer",
            quantity=QUANTITY,
        )

    def true_contribution(self, number: str) -> float:
        return float(np.mean([coming.at_standard_rates(year[number]) for year in self.years]))

    def true_answer(self, number: str, measure: str, size: float) -> float:
        """What the measure adds to leaving things be, on average over the years played."""
        gains = [
            answered(year[number], self.answers[number], world, measure, size)
            - kept(year[number], world)
            for year, world in zip(self.years, self.worlds, strict=True)
        ]
        return float(np.mean(gains))


def _before(plan: Plan, cut: date) -> tuple[dict[str, Known], dict[str, float]]:
    company = sample_company(plan.until, plan.seed)
    since = cut - timedelta(days=365)
    lines = company.lines().filter(pl.col("date") > since, pl.col("date") <= cut)
    sales = company.sales.filter(pl.col("date") > since, pl.col("date") <= cut)
    orders: dict[str, list[float]] = defaultdict(list)
    by_order = sales.filter(pl.col("kind").is_in([10, 31, 33])).group_by("customer", "document")
    for number, _document, net in by_order.agg(pl.col("amount").sum()).sort("document").iter_rows():
        orders[number].append(float(net))
    amounts: dict[str, dict[int, float]] = defaultdict(dict)
    sums = lines.group_by("customer_id", "kind").agg(pl.col("amount").sum())
    for number, kind, amount in sums.iter_rows():
        amounts[number][kind] = float(amount)
    costs = company.service_costs.filter(pl.col("date") > since, pl.col("date") <= cut)
    used: dict[str, float] = defaultdict(float)
    for kind, minutes in costs.group_by("kind").agg(pl.col("minutes").sum()).iter_rows():
        if kind in POOL_OF:
            used[POOL_OF[Kind(kind)]] += minutes
    known = {}
    for number, by_kind in amounts.items():
        year = Year.of(by_kind)
        if year.gross_sales > 0:
            share = -year.reductions / year.gross_sales
            known[number] = Known(year, tuple(orders[number]), by_kind.get(60, 0.0), share)
    return known, used


def loss_makers(company: Company) -> list[tuple[str, tuple[float, float]]]:
    """Who will lose in the coming year at standard rates, on average over the years played."""
    truth = {n for n in company.known if company.true_contribution(n) < 0}
    years = {number: known.year for number, known in company.known.items()}
    smallest = sorted(years, key=lambda n: years[n].net_revenue)[: len(years) // 5]
    rules = {
        "loss-makers: contribution III below nil": {
            n for n, year in years.items() if year.contribution_3 < 0
        },
        "… naive: contribution I below nil": {
            n for n, year in years.items() if year.contribution_1 < 0
        },
        "… naive: the smallest fifth by revenue": set(smallest),
        "… naive: reductions above 15 %": {
            n for n, known in company.known.items() if known.reductions > 0.15
        },
    }
    return [(name, precision_recall(told, truth)) for name, told in rules.items()]


def ratchets_found(plan: Plan) -> list[tuple[str, tuple[float, float]]]:
    truth, told, naive = set(), set(), set()
    for (customer,), rows in concessions(plan).group_by("customer"):
        promises = [
            Promise(n, row["kind"], (0, 0), row["starts"], row["ends"], Decimal(str(row["share"])))
            for n, row in enumerate(rows.sort("starts").iter_rows(named=True))
        ]
        truth |= {customer} if rows["slipped"][0] else set()
        told |= {customer} if ratchets(promises, PERMANENT_AFTER) else set()
        naive |= {customer} if len(promises) > 1 else set()
    return [
        ("ratchets: the rule", precision_recall(told, truth)),
        ("… naive: whatever was renewed or raised", precision_recall(naive, truth)),
    ]


def repaired(company: Company) -> list[tuple[str, tuple[float, ...]]]:
    """For the loss-makers that the rule finds: what each way of deciding really brings."""
    numbers = sorted(n for n, known in company.known.items() if known.year.contribution_3 < 0)
    told = {n: advice(company.loss(n)) for n in numbers}
    every_cost = dict.fromkeys(WORK, 1.0)
    full = {n: advice(company.loss(n, every_cost)) for n in numbers}
    true = {n: _true_rungs(company, n, told[n]) for n in numbers}
    best = {n: max(true[n], key=lambda rung: (true[n][rung], rung == KEEP)) for n in numbers}
    # The same rungs at the same sizes for all; only the choice differs.
    ways = {
        "best by construction": best,
        "the ladder": {n: _chosen(told[n], true[n]) for n in numbers},
        "… at full cost (nothing stands idle)": {n: _chosen(full[n], true[n]) for n in numbers},
        "naive: part with every loss-maker": dict.fromkeys(numbers, Rung.LET_GO.value),
        "naive: prices 5 % higher for all": dict.fromkeys(numbers, "price of 5 %"),
        "naive: half the service for all": _where_there_is(Rung.SERVICE, true),
        "naive: a dealer for all": _where_there_is(Rung.DEALER, true),
        "leave all as it is": dict.fromkeys(numbers, KEEP),
    }
    return [(name, _told(way, true, best)) for name, way in ways.items()]


def _true_rungs(company: Company, number: str, found: Advice) -> dict[str, float]:
    rungs = {
        each.rung.value: company.true_answer(number, each.rung.value, each.size)
        for each in found.rungs
        if each.refusal is None
    }
    rungs["price of 5 %"] = company.true_answer(number, "price", 0.05)
    return rungs | {KEEP: 0.0}


def _where_there_is(rung: Rung, true: dict[str, dict[str, float]]) -> dict[str, str]:
    return {n: rung.value if rung.value in rungs else KEEP for n, rungs in true.items()}


def _chosen(found: Advice, true: dict[str, float]) -> str:
    rung = found.recommended.value if found.recommended else KEEP
    return rung if rung in true else KEEP


def _told(
    way: dict[str, str], true: dict[str, dict[str, float]], best: dict[str, str]
) -> tuple[float, ...]:
    money = sum(true[n][rung] for n, rung in way.items())
    right = float(np.mean([rung == best[n] for n, rung in way.items()]))
    parted = [n for n, rung in way.items() if rung == Rung.LET_GO]
    wrongly = sum(true[n][Rung.LET_GO.value] < 0 for n in parted)
    return money, right, len(parted), wrongly


def precision_recall(told: set, truth: set) -> tuple[float, float]:
    right = len(told & truth)
    return (right / len(told) if told else 1.0, right / len(truth) if truth else 1.0)


def spread(values, form: str) -> str:
    mean, low, high = np.mean(values), min(values), max(values)
    return f"{mean:{form}} ({low:{form}}–{high:{form}})"


if __name__ == "__main__":
    main()
