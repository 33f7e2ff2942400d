"""One judgement from days of purchase to what is stored: plain values, JSON, no single customer.

Everything is a sum or a mean over several customers: `kundenstamm.worth.calibration` joins classes
of fewer than 5, and a window of fewer than `LEAST` is not judged. So nothing here is personal data,
and it may be kept longer than the customers it was made from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from statistics import fmean
from typing import Any

import numpy as np
from django.utils.translation import gettext_noop

from kundenstamm.lifecycle.rules import REFUSED
from kundenstamm.worth import calibration
from kundenstamm.worth.backtesting import Outcome, outcomes
from kundenstamm.worth.cutoffs import needed, suited
from kundenstamm.worth.purchases import Purchases

OURS = "auto"
# Ours first; then rules that everybody could think of, and single models.
ESTIMATORS = (OURS, "last_window", "own_rate", "mbgnbd", "paretonbd", "mbgcnbdk")
# A judgement of so many customers is as sure as one of all.
MOST = 50_000
LEAST = 20
NOTHING = gettext_noop("There are no purchases in the ledger yet.")
SHORT = gettext_noop(
    "Purchases are known from {history_from} to {history_to}, {covered} days in all. It takes "
    "{needed} days to predict from an earlier day and compare: that is, sales up to {ready_on}."
)
FEW = gettext_noop(
    "Customers who had bought by {learnt_to}: {customers}. At least {least} are needed."
)
# Target → what is compared. Of a total that is too high once and too low once the error is told.
COMPARED: Mapping[str, tuple[str, ...]] = {
    "occasions": (
        "mae", "bias", "gini", "auc", "auc_active", "auc_recency", "crps", "coverage",
    ),
    "contribution": ("mae", "bias", "gini", "coverage"),
}  # fmt: skip


def judgement(known: Purchases) -> dict[str, Any]:
    """The values of an ``Evidence`` but for who made it and when."""
    first, last = known.first_day, known.last_day
    if first is None or last is None:
        return _refused(NOTHING)
    found = suited(first, last)
    if found is None:
        return _refused(SHORT, **_too_short(first, last))
    days, cutoffs = found
    part = known.thinned(MOST)
    buyers = {cutoff: part.until(cutoff).buyers for cutoff in cutoffs}
    enough = [cutoff for cutoff in cutoffs if buyers[cutoff] >= LEAST]
    if not enough:
        latest = cutoffs[0]
        return _refused(
            FEW, learnt_to=latest.isoformat(), customers=buyers[latest], least=LEAST
        )  # fmt: skip
    judged = _judged(outcomes(part, enough, days, ESTIMATORS))
    if judged is None:
        return _refused(REFUSED)
    return judged | {
        "horizon_days": days,
        "customers": buyers[enough[0]],
        "of_customers": known.until(enough[0]).buyers,
    }


def _refused(msgid: str, **params: Any) -> dict[str, Any]:
    return {"refusal": {"msgid": msgid, "params": params}}


def _too_short(first: date, last: date) -> dict[str, Any]:
    return {
        "history_from": first.isoformat(),
        "history_to": last.isoformat(),
        "covered": (last - first).days,
        "needed": needed(),
        "ready_on": (first + timedelta(needed())).isoformat(),
    }


def _judged(told: Iterable[Outcome]) -> dict[str, Any] | None:
    """None where our own estimator refused every window."""
    metrics: dict[str, list[Mapping[tuple[str, str], float | None]]] = defaultdict(list)
    ours: list[Outcome] = []
    for outcome in told:
        measured = {(target, name): value for target, name, value in outcome.measured()}
        metrics[outcome.estimator].append(measured)
        if outcome.estimator == OURS:
            ours.append(outcome)
    if not ours:
        return None
    return {
        "windows": [_window(outcome) for outcome in ours],
        "compared": {
            name: _means(rows) for name, rows in metrics.items() if len(rows) == len(ours)
        },
        "calibration": _calibration(ours),
        "why": [sentence.as_data() for sentence in ours[0].why],
    }


def _window(outcome: Outcome) -> dict[str, Any]:
    """The whole of one window: what was expected, what came, how many ended inside."""
    truth, told = outcome.truth, outcome.told
    metrics = {(target, name): value for target, name, value in outcome.measured()}
    return {
        "cutoff": outcome.cutoff.isoformat(),
        "ends": (outcome.cutoff + timedelta(truth.days)).isoformat(),
        "customers": int(truth.occasions.size),
        "occasions": {
            "expected": round(float(told["occasions"].sum()), 2),
            "came": int(truth.occasions.sum()),
            "inside": metrics["occasions", "coverage"],
        },
        "contribution": {
            "expected": round(float(told["contribution"].sum()), 2),
            "came": round(float(truth.contribution.sum()), 2),
            "inside": metrics["contribution", "coverage"],
        },
    }


def _means(
    rows: Sequence[Mapping[tuple[str, str], float | None]],
) -> dict[str, dict[str, float | None]]:
    return {
        target: {name: _mean([row[target, name] for row in rows], name) for name in names}
        for target, names in COMPARED.items()
    }


def _mean(values: Sequence[float | None], metric: str) -> float | None:
    known = [abs(value) if metric == "bias" else value for value in values if value is not None]
    return round(fmean(known), 6) if known else None


def _calibration(ours: Sequence[Outcome]) -> dict[str, list[dict[str, Any]]]:
    """Over all windows; a customer counts once in each."""
    came = np.concatenate([outcome.truth.occasions for outcome in ours])
    expected, again = (
        np.concatenate([outcome.told[name] for outcome in ours]) for name in ("occasions", "buying")
    )
    return {
        "counts": [each.as_data() for each in calibration.counts(came, expected)],
        "chances": [
            each.as_data() for each in calibration.chances((came > 0).astype(float), again)
        ],
    }
