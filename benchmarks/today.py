"""What following Today for a year keeps, against other ways to choose whom to call.

Usage: python benchmarks/today.py [SEEDS [FIRST]] [--seeing]

Invented companies of 400 customers in two worlds (``worth/synthetic/attachment.py`` and
``hazards.py``), 45 minutes for calls on each working day. Neither shares a formula with
``worth.care``; the second was frozen before anything was played in it. In it the luck of leaving is
taken out of the sums (``steady.py``). ``--seeing`` adds the best that knows how the world works but
sees what a company can (``seeing.py``): as slow as the best.

Seeds below 1000 served for development, 1001–1020 and 2001–2012 for earlier reports; Today was not
changed after 3001–3020 had been looked at. In all reports before the last the best could call again
after a week, all others after two.
"""

from __future__ import annotations

import os

# One thread each: the companies are small, and two of them are played side by side.
os.environ.update(dict.fromkeys(
    ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
))  # fmt: skip

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta

import numpy as np
import polars as pl

from kundenstamm.worth.care.day import chosen
from kundenstamm.worth.care.effect import Cause
from kundenstamm.worth.care.known import Known
from kundenstamm.worth.care.waiting import Assumptions, prepare
from kundenstamm.worth.fitted import Fitted, fit
from kundenstamm.worth.synthetic import attachment, hazards
from kundenstamm.worth.synthetic.caring import CALL, COMPLAINT, NEVER, Books, Company, Way
from kundenstamm.worth.synthetic.knowing import Knowing
from kundenstamm.worth.synthetic.seeing import Seeing, Watched
from kundenstamm.worth.synthetic.steady import Steady

SEEDS, FIRST = 20, 3001
WORLDS = {"attachment": attachment, "hazards": hazards}
MONDAY = date(2025, 1, 6)
# Valued so often, fitted so often, days.
VALUED, FITTED = 7, 91
YEAR = 365
# The software's own minutes for each cause are for people; here every call takes the same.
ASSUMPTIONS = Assumptions(minutes=dict.fromkeys(Cause, CALL) | {Cause.COMPLAINT: COMPLAINT})
# So many are named each day; the last ones no longer fit.
NAMED = 4
# Nobody is called again within so many days, by any way; the best as well.
AGAIN = 14
AT_A_TIME = 2


class Today:
    """Follows the list of `kundenstamm.worth.care`, seeing the books and nothing else."""

    def __init__(self) -> None:
        self.fitted_on = self.valued_on = -(10**6)
        self.fitted: Fitted

    def __call__(self, day: int, company: Company) -> Sequence[int]:
        books = company.books
        if day - self.fitted_on >= FITTED:
            self.fitted, self.fitted_on = fit(_summary(books, day)), day
        if day - self.valued_on >= VALUED:
            self.worth, self.valued_on = _valued(_summary(books, day), self.fitted), day
        known = _known(books, _summary(books, day), self.worth)
        actions = prepare(known, _date(day), self.fitted.occasions, ASSUMPTIONS,
                          usual_gap=self.fitted.usual_gap)  # fmt: skip
        free = np.nonzero(books.phoned < day - AGAIN)[0]
        open_to = actions.filter(pl.col("customer_id").is_in(free.tolist()))
        return chosen(open_to, company.minutes)["customer_id"].to_list()


def by_turnover(day: int, company: Company) -> Sequence[int]:
    """The biggest buyers of the last year, each once a month at most."""
    books = company.books
    return _first(np.where(_buying(books, day) & (books.phoned < day - 30), books.year, -np.inf))


def by_last_contact(day: int, company: Company) -> Sequence[int]:
    """Who was spoken to, or tried, longest ago."""
    books = company.books
    tried = np.maximum(books.spoken, books.phoned)
    return _first(np.where(_buying(books, day), -tried, -np.inf))


class AtRandom:
    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng([seed, 9])

    def __call__(self, day: int, company: Company) -> Sequence[int]:
        free = _buying(company.books, day) & (company.books.phoned < day - AGAIN)
        return self.rng.permutation(np.nonzero(free)[0])[:NAMED].tolist()


WAYS = ("nobody", "at random", "by turnover", "by last contact", "Today", "best, knowing the truth")
SEEING = "best, seeing what a company can"


def way_of(name: str, seed: int) -> Way | None:
    return {
        "nobody": lambda: None,
        "at random": lambda: AtRandom(seed),
        "by turnover": lambda: by_turnover,
        "by last contact": lambda: by_last_contact,
        "Today": Today,
        "best, knowing the truth": lambda: Knowing(AGAIN),
        SEEING: lambda: Seeing(again=AGAIN),
    }[name]()


def played(job: tuple[str, str, int]) -> tuple[float, float]:
    world, name, seed = job
    company = (Watched if name == SEEING else Company)(seed, world=WORLDS[world])
    put_back = np.zeros(2)
    if world == "hazards":
        company.world = steady = Steady()
        put_back = steady.put_back
    sums = company.play(way_of(name, seed))
    return sums[0] + float(put_back[0]), sums[1] + float(put_back[1])


def main(seeds: range, ways: Sequence[str]) -> None:
    began = time.perf_counter()
    jobs = [(world, name, seed) for seed in seeds for world in WORLDS for name in ways]
    brought = {}
    with ProcessPoolExecutor(AT_A_TIME) as pool:
        for job, sums_of_job in zip(jobs, pool.map(played, jobs), strict=True):
            brought[job] = sums_of_job
            print(*job, *(round(each) for each in sums_of_job), file=sys.stderr)
    taken = time.perf_counter() - began
    print(f"Seeds {seeds[0]} to {seeds[-1]}, {taken:.0f} s. Kept: contribution of the year and of")
    print("the one after it, less that of calling nobody; mean and standard error over companies.")
    for world in WORLDS:
        print(f"\nWorld: {world}\n")
        table({name: np.array([brought[world, name, s] for s in seeds]) for name in ways})


def table(brought: dict[str, np.ndarray]) -> None:
    """Of each way the sums of both years; shape ``(companies, 2)``."""
    sums = {name: both.sum(axis=1) for name, both in brought.items()}
    first = {name: both[:, 0] for name, both in brought.items()}
    print("| whom to call | kept | in the year itself | Today keeps more | "
          "of the way from random to best |")  # fmt: skip
    print("|---|---:|---:|---:|---:|")
    best, random = sums[WAYS[-1]], sums["at random"]
    for name, values in sums.items():
        kept, in_year = values - sums["nobody"], first[name] - first["nobody"]
        more = sums["Today"] - values
        way = (values - random) / (best - random).mean()
        # Of a ratio of means (delta method).
        error = _error((values - random) - way.mean() * (best - random)) / (best - random).mean()
        print(f"| {name} | {kept.mean():,.0f} ± {_error(kept):,.0f} | {in_year.mean():,.0f} | "
              f"{more.mean():,.0f} ± {_error(more):,.0f} | "
              f"{way.mean():.2f} ± {error:.2f} |")  # fmt: skip


def _error(values: np.ndarray) -> float:
    return float(values.std(ddof=1) / len(values) ** 0.5)


def _buying(books: Books, day: int) -> np.ndarray:
    return books.last > day - YEAR


def _first(order: np.ndarray) -> list[int]:
    return [int(n) for n in np.argsort(-order)[:NAMED] if order[n] > -np.inf]


def _date(day: int) -> date:
    return MONDAY + timedelta(days=day)


def _dates(days: np.ndarray) -> pl.Series:
    since = (MONDAY - date(1970, 1, 1)).days
    known = pl.Series(np.where(days > NEVER, days + since, 0).astype(np.int32)).cast(pl.Date)
    return pl.select(pl.when(pl.Series(days > NEVER)).then(known)).to_series()


def _summary(books: Books, day: int) -> pl.DataFrame:
    """The purchase summary, from sums that are kept up day by day."""
    n = books.purchases
    x = np.maximum(n - 1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        gap, mean = books.gaps / x, books.brought / n
        gap_sd = np.sqrt(np.maximum(books.gaps_squared - x * gap**2, 0) / (x - 1))
        spread = np.sqrt(np.maximum(books.brought_squared - n * mean**2, 0) / x)
        columns = {
            "gap_mean": np.where(x > 0, gap, np.nan),
            "gap_sd": np.where(x > 1, gap_sd, np.nan),
            "gap_log_mean": np.where(x > 0, books.gaps_log / x, np.nan),
            "contribution_mean": mean,
            "contribution_sd": np.where(x > 0, spread, np.nan),
        }
    frame = pl.DataFrame(
        {
            "customer_id": np.arange(n.size),
            "first_day": _dates(books.first),
            "last_day": _dates(books.last),
            "regular_day": _dates(books.third),
            "occasions": n.astype(np.int64),
            "x": x.astype(np.int64),
            "t_x": (books.last - books.first).astype(np.int64),
            "age": (day - books.first).astype(np.int64),
            "contribution": books.brought,
            "cost_to_serve": np.zeros(n.size),
            **columns,
        }
    )
    return frame.filter(pl.col("occasions") > 0).fill_nan(None)


def _valued(summary: pl.DataFrame, fitted: Fitted) -> pl.DataFrame:
    occasions, money, _ = fitted.known()
    expected = occasions.expected_occasions(summary, YEAR) * money.expected(summary)
    return summary.select(
        "customer_id",
        p_active=pl.Series(occasions.probability_active(summary)),
        expected_contribution=pl.Series(expected),
        stage=pl.lit("regular"),
    )


def _known(books: Books, summary: pl.DataFrame, worth: pl.DataFrame) -> Known:
    return Known.of(
        summary.join(worth, on="customer_id", maintain_order="left"),
        contacts=_contacts(books),
        complaints=_dated(books.complaint_since).with_columns(answered=False),
        rivals=_dated(books.rival_seen),
    )


def _contacts(books: Books) -> pl.DataFrame:
    """Conversations, and the last call that reached nobody."""
    days, who = np.array(books.conversations).T
    held = pl.DataFrame({"customer_id": who, "day": _dates(days), "two_way": True})
    return held.vstack(_dated(books.phoned).with_columns(two_way=False))


def _dated(days: np.ndarray) -> pl.DataFrame:
    who = np.nonzero(days > NEVER)[0]
    return pl.DataFrame({"customer_id": who, "day": _dates(days[who])})


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:] if word != "--seeing"]
    count, start = (*given, *(SEEDS, FIRST)[len(given) :])
    main(range(start, start + count), WAYS + (SEEING,) * ("--seeing" in sys.argv))
