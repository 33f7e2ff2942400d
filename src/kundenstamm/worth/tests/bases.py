"""Simulated bases that behave as the models say, for the tests."""

from __future__ import annotations

import numpy as np
import polars as pl


def histories(*rows):
    frame = pl.DataFrame(list(rows), schema=["x", "t_x", "age"], orient="row", strict=False)
    return frame.cast(pl.Float64)


def leaving_after_purchases(r, alpha, a, b, *, customers, days, seed, k=1, first=1):
    """(M)BG/CNBD-k: Erlang-k gaps, a chance to leave after each purchase; ages differ."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(r, 1 / alpha, customers)
    leave = rng.beta(a, b, customers)
    ages = rng.uniform(days / 2, days, customers)
    rows = []
    for own, chance, age in zip(rate, leave, ages, strict=True):
        bought, at, last, log_gaps = 0, 0.0, 0.0, 0.0
        stays = rng.random() >= chance if first else True
        while stays:
            gap = rng.gamma(k) / max(own, 1e-12)
            if at + gap > age:
                break
            at += gap
            bought, last, log_gaps = bought + 1, at, log_gaps + np.log(gap)
            stays = rng.random() >= chance
        rows.append((bought, last, age, log_gaps / bought if bought else None))
    return pl.DataFrame(rows, schema=["x", "t_x", "age", "gap_log_mean"], orient="row")


def living_for_a_time(r, alpha, s, beta, *, customers, days, seed):
    """Pareto/NBD: a lifetime of its own for each customer."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(r, 1 / alpha, customers)
    life = rng.exponential(1 / rng.gamma(s, 1 / beta, customers))
    ages = rng.uniform(days / 2, days, customers)
    there = np.minimum(life, ages)
    bought = rng.poisson(rate * there)
    # The last of n purchases spread evenly over a time is its n-th root of a uniform.
    last = there * rng.random(customers) ** (1 / np.maximum(bought, 1)) * (bought > 0)
    return pl.DataFrame({"x": bought, "t_x": last, "age": ages})


def spending(p, q, gamma, *, customers, seed):
    """Gamma-Gamma: occasions and their mean amount."""
    rng = np.random.default_rng(seed)
    scale = rng.gamma(q, 1 / gamma, customers)
    occasions = rng.integers(1, 12, customers)
    means = rng.gamma(p * occasions) / scale / occasions
    return pl.DataFrame({"occasions": occasions, "contribution_mean": means})
