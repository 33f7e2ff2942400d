"""Maximum likelihood in the logarithms of positive parameters, with an analytic gradient.

A weak pull towards sane values, worth less than one customer, decides only where the data do not:
it keeps a base in which nobody drops out from running away to infinity, and a handful of
customers from looking like a certainty. It fades where there are enough of them.

Small bases go through L-BFGS-B. Of a large one every n-th distinct history is fitted first; its
curvature then leads the whole base to its optimum in a handful of quasi-Newton steps (BFGS,
Nocedal & Wright, "Numerical Optimization", 2nd ed., chapter 6).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kundenstamm.worth.models.base import Floats

# Value (a sum over customers) and gradient of a log-likelihood at the parameters' logarithms.
Likelihood = Callable[[Floats], tuple[float, Floats]]
PULL = 0.001
# Of a handful of customers many parameters fit alike: for them the pull is stronger, and it fades
# by a factor e with every so many.
SMALL_PULL, FADES = 0.3, 50
# A large base is finished when the next step would gain less than this much log-likelihood.
GAIN = 1e-8
ROUNDING = 1e-14
STEPS = 40


@dataclass(frozen=True)
class Problem:
    """A likelihood with its bounds, start and number of customers."""

    likelihood: Likelihood
    customers: float
    start: Floats
    centre: Floats
    bounds: tuple[tuple[float, float], ...]

    @property
    def pull(self) -> float:
        return PULL + SMALL_PULL * float(np.exp(-self.customers / FADES))

    def loss(self, logs: Floats) -> tuple[float, Floats]:
        """Penalised negative log-likelihood per customer, with its gradient."""
        value, slope = self.likelihood(logs)
        away = logs - self.centre
        loss = (self.pull * away @ away - value) / self.customers
        gradient = (2 * self.pull * away - slope) / self.customers
        if not (np.isfinite(loss) and np.isfinite(gradient).all()):
            return 1e300, np.zeros_like(logs)
        return float(loss), np.asarray(gradient)

    def inside(self, logs: Floats, margin: float = 1e-3) -> bool:
        low, high = np.array(self.bounds).T
        return bool(((logs > low + margin) & (logs < high - margin)).all())


@dataclass(frozen=True)
class Optimum:
    """Where the likelihood is highest; ``log_likelihood`` is without the pull."""

    logs: Floats
    log_likelihood: float
    iterations: int
    converged: bool
    inside: bool


def searched(problem: Problem) -> Optimum:
    """L-BFGS-B (Byrd, Lu, Nocedal & Zhu 1995) from the problem's start."""
    from scipy.optimize import minimize

    found = minimize(
        problem.loss,
        problem.start,
        jac=True,
        method="L-BFGS-B",
        bounds=problem.bounds,
        options={"maxiter": 1000, "maxfun": 3000, "ftol": 1e-15, "gtol": 1e-8, "maxcor": 20},
    )
    logs = np.asarray(found.x)
    # A line search that cannot improve on fifteen digits has arrived.
    flat = bool(np.abs(found.jac).max() < 1e-5)
    value = problem.likelihood(logs)[0]
    return Optimum(logs, value, int(found.nit), bool(found.success) or flat, problem.inside(logs))


def polished(problem: Problem, logs: Floats, curvature: Floats) -> Optimum | None:
    """Quasi-Newton steps from near the optimum; None where they do not arrive."""
    loss, slope = problem.loss(logs)
    for step_number in range(STEPS):
        step = np.asarray(-np.linalg.solve(curvature, slope), dtype=np.float64)
        gain = -float(step @ slope) / 2
        if gain * problem.customers < GAIN:
            value = problem.likelihood(logs)[0]
            return Optimum(logs, value, step_number, True, problem.inside(logs))
        stepped = _stepped(problem, logs, loss, step)
        if stepped is None or not problem.inside(stepped[0]):
            return None
        there, loss, after = stepped
        curvature = _updated(curvature, there - logs, after - slope)
        logs, slope = there, after
    return None


def curvature_at(
    problem: Problem, logs: Floats, step: float = 1e-4, *, both_sides: bool = True
) -> Floats:
    """Second derivatives of the loss by differences of its gradient, symmetric.

    One side only is half the work and right to a few ten-thousandths.
    """
    columns = []
    here = np.zeros(0) if both_sides else problem.loss(logs)[1]
    for place in range(logs.size):
        aside = np.zeros_like(logs)
        aside[place] = step
        ahead = problem.loss(logs + aside)[1]
        change = (ahead - problem.loss(logs - aside)[1]) / 2 if both_sides else ahead - here
        columns.append(change / step)
    rough = np.array(columns)
    values, vectors = np.linalg.eigh((rough + rough.T) / 2)
    # The pull alone curves this much; less can only be rounding.
    least = 2 * problem.pull / problem.customers
    return np.asarray((vectors * np.maximum(values, least)) @ vectors.T)


def covariance_at(problem: Problem, logs: Floats, *, both_sides: bool = True) -> Floats:
    """Covariance of the logarithms: the inverse of the observed information."""
    curvature = curvature_at(problem, logs, both_sides=both_sides)
    return np.asarray(np.linalg.inv(curvature) / problem.customers)


def _stepped(
    problem: Problem, logs: Floats, loss: float, step: Floats
) -> tuple[Floats, float, Floats] | None:
    """The first of 1, 1/4, 1/16 … of the step that does not make things worse, if any."""
    for power in range(8):
        there = logs + 0.25**power * step
        found, slope = problem.loss(there)
        if found <= loss + ROUNDING * abs(loss):
            return there, found, slope
    return None


def _updated(curvature: Floats, moved: Floats, change: Floats) -> Floats:
    """BFGS: a curvature that explains how the slope has just changed."""
    along = float(moved @ change)
    if along <= 0:
        return curvature
    bent = curvature @ moved
    return np.asarray(
        curvature + np.outer(change, change) / along - np.outer(bent, bent) / (moved @ bent)
    )
