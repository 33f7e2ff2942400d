"""What proposed hand-overs keep, over invented companies with known truth; and how long it takes.

Usage: python benchmarks/handover.py [SEEDS]          (20 by default, from 4001 on)

Seeds 4001–4020 of ``kundenstamm.worth.synthetic.leaving``: none was looked at while the weights
were set. "Best found" knows who would stay with whom and looks for the best assignment by moving
and swapping customers from several starts. Then 100,000 customers among 200 colleagues, once each
with equal and unequal minutes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from kundenstamm.worth.handover.assigning import assign
from kundenstamm.worth.handover.fit import Held, Successor, gains
from kundenstamm.worth.synthetic.leaving import LeavingCompany, leaving_company

FIRST_SEED, SEEDS = 4001, 20
Policy = Callable[[LeavingCompany], np.ndarray]


def main(seeds: int) -> None:
    policies: dict[str, Policy] = {
        "the newest": newest,
        "the least busy": least_busy,
        "by territory": by_territory,
        "**as proposed**": proposed,
        "best found": best_found,
    }
    companies = [leaving_company(seed) for seed in range(FIRST_SEED, FIRST_SEED + seeds)]
    kept = np.array(
        [[each.kept(policy(each)) / each.value.sum() for policy in policies.values()]
         for each in companies]
    )  # fmt: skip
    print(
        f"{seeds} departures; part of the value that is there after a year, mean ± standard error\n"
    )
    print("| | value kept | of the way from the newest to the best | better than by territory |")
    print("|---|---:|---:|---:|")
    way = kept - kept[:, :1]
    for at, name in enumerate(policies):
        error = kept[:, at].std(ddof=1) / seeds**0.5
        wins = int((kept[:, at] > kept[:, 2]).sum())
        share = way[:, at].sum() / way[:, -1].sum()
        print(
            f"| {name} | {kept[:, at].mean():.1%} ± {error:.1%} | {share:.2f} | {wins} of {seeds} |"
        )
    print()
    timing()


def newest(company: LeavingCompany) -> np.ndarray:
    return np.full(len(company.value), int(np.argmin(company.joined)))


def least_busy(company: LeavingCompany) -> np.ndarray:
    """One customer after the other, the most valuable first, to who then has the lowest load."""
    load, to = company.load.copy(), np.zeros(len(company.value), dtype=np.int64)
    for at in np.argsort(-company.value):
        to[at] = int(np.argmin(load))
        load[to[at]] += company.minutes[at] / company.work[to[at]]
    return to


def by_territory(company: LeavingCompany) -> np.ndarray:
    """Who is at home in the customer's region, the least busy of them; else the least busy."""
    load, to = company.load.copy(), np.zeros(len(company.value), dtype=np.int64)
    for at in np.argsort(-company.value):
        region = company.customers[at].region
        local = [j for j, each in enumerate(company.successors) if region in each.regions]
        to[at] = min(local or range(len(load)), key=lambda j: load[j])
        load[to[at]] += company.minutes[at] / company.work[to[at]]
    return to


def proposed(company: LeavingCompany) -> np.ndarray:
    capacity = np.array([each.capacity for each in company.successors])
    return assign(gains(company.customers, company.successors), company.minutes, capacity).to


def best_found(company: LeavingCompany) -> np.ndarray:
    starts = [proposed(company), least_busy(company), by_territory(company)]
    return max((climbed(company, start) for start in starts), key=company.kept)


def climbed(company: LeavingCompany, to: np.ndarray) -> np.ndarray:
    """Moves of one customer, then swaps of two, as long as one of them keeps more."""
    to, best = to.copy(), company.kept(to)
    improved = True
    while improved:
        improved = False
        for changed in _neighbours(to, len(company.work)):
            kept = company.kept(changed)
            if kept > best + 1e-6:
                to[:], best, improved = changed, kept, True
    return to


def _neighbours(to: np.ndarray, colleagues: int):
    for at in range(len(to)):
        for other in range(colleagues):
            changed = to.copy()
            changed[at] = other
            yield changed
    for one in range(len(to)):
        for other in range(one):
            if to[one] != to[other]:
                changed = to.copy()
                changed[one], changed[other] = to[other], to[one]
                yield changed


def timing() -> None:
    rng = np.random.default_rng(1)
    n, m = 100_000, 200
    small = leaving_company(1)
    assign(gains(small.customers, small.successors), small.minutes, np.full(len(small.work), 1e6))
    customers = _many_customers(rng, n)
    successors = [
        Successor(
            f"s{j}", 1.0, {f"t{t}": float(rng.random()) for t in rng.choice(40, 6, replace=False)},
            {f"r{r}": 1.0 for r in rng.choice(30, 3, replace=False)},
            frozenset(rng.choice(["de", "tr", "en"], 2)),
            {f"c{c}": 1.0 for c in rng.choice(n, 300, replace=False)},
            (47.5 + 7 * rng.random(), 6 + 9 * rng.random()),
        )
        for j in range(m)
    ]  # fmt: skip
    print("| 100,000 customers, 200 colleagues | weighing | assigning | at most left |")
    print("|---|---:|---:|---:|")
    for name, minutes in (
        ("equal minutes, room for 5 % more", np.ones(n)),
        ("unequal minutes, room for 5 % more", np.array([each.minutes for each in customers])),
    ):
        capacity = np.full(m, minutes.sum() / m * 1.05)
        start = time.perf_counter()
        worth = gains(customers, successors)
        weighed = time.perf_counter()
        told = assign(worth, minutes, capacity)
        done = time.perf_counter()
        print(f"| {name} | {weighed - start:.1f} s | {done - weighed:.1f} s | {told.left:.3%} |")


def _many_customers(rng: np.random.Generator, n: int) -> list[Held]:
    risk = 200 * (1 + rng.pareto(1.5, n))
    return [
        Held(
            f"c{at}", float(risk[at]), float(rng.uniform(10, 60)), f"t{rng.integers(40)}",
            f"r{rng.integers(30)}", str(rng.choice(["de", "de", "de", "tr", "en"])),
            (47.5 + 7 * rng.random(), 6 + 9 * rng.random()), 1.0,
        )
        for at in range(n)
    ]  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)
