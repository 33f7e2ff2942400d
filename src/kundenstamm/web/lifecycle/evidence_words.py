"""The comparison of estimators in words: columns, what they mean, who was best in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kundenstamm.lifecycle.evidence.judging import ESTIMATORS, OURS
from kundenstamm.lifecycle.rules import MODELS, money
from kundenstamm.web.shell.figures import number, share

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

RULES: Mapping[str, _StrPromise] = {
    "last_window": gettext_lazy("As many as in the window before"),
    "own_rate": gettext_lazy("At the customer's average so far"),
}
AIM = 0.8
# Estimator → metric → value.
Values = Mapping[str, Mapping[str, float | None]]


@dataclass(frozen=True)
class Column:
    """One metric: its words, and how two values are told apart.

    ``best`` is ``least``, ``most`` or ``aim`` (nearest to 80 of 100); values are compared at
    ``digits``, the precision in which they are shown.
    """

    metric: str
    label: _StrPromise
    meaning: _StrPromise
    best: str
    digits: int
    shown: Callable[[float, str], str]

    def loss(self, value: float) -> float:
        """Smaller is better, whatever the metric."""
        if self.best == "aim":
            return round(abs(value - AIM), self.digits)
        return round(value if self.best == "least" else -value, self.digits)


def _per_cent(value: float, _currency: str) -> str:
    return share(value)


ERROR = Column(
    "mae",
    gettext_lazy("Off per customer"),
    gettext_lazy("How far the estimate of a customer is from what came, up or down, on average."),
    "least",
    2,
    lambda value, _currency: number(value, 2),
)
TOTAL = Column(
    "bias",
    gettext_lazy("Off in total"),
    gettext_lazy("How far the sum over all customers is from what came, up or down."),
    "least",
    3,
    lambda value, _currency: share(value, 1),
)
ORDER = Column(
    "gini",
    gettext_lazy("Order"),
    gettext_lazy(
        "Whether those ranked high then bring most, as a share of what the best possible order "
        "would give. Chance gives nothing."
    ),
    "most",
    2,
    _per_cent,
)
AGAIN = Column(
    "auc",
    gettext_lazy("Who buys again"),
    gettext_lazy(
        "Of pairs of one who bought again and one who did not: how often the right one stood "
        "ahead. Chance gives half."
    ),
    "most",
    2,
    _per_cent,
)
SPREAD = Column(
    "crps",
    gettext_lazy("Spread"),
    gettext_lazy("How well the whole range of what may come was told, not only its middle."),
    "least",
    2,
    lambda value, _currency: number(value, 2),
)
INSIDE = Column(
    "coverage",
    gettext_lazy("Inside the interval"),
    gettext_lazy("Customers who ended inside their interval; it promises 80 of 100."),
    "aim",
    2,
    _per_cent,
)
MONEY = Column(
    "mae",
    ERROR.label,
    ERROR.meaning,
    "least",
    0,
    lambda value, currency: money(value, currency, decimals=0),
)
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "occasions": (ERROR, TOTAL, ORDER, AGAIN, SPREAD, INSIDE),
    "contribution": (MONEY, TOTAL, ORDER, INSIDE),
}


def words_of(estimator: str) -> str:
    if estimator == OURS:
        return _("Our estimator")
    return str(RULES.get(estimator) or MODELS.get(estimator, estimator))


def comparison(compared: Mapping[str, Any], target: str, currency: str) -> dict[str, Any]:
    """Columns, one row per estimator, and sentences on where ours was beaten."""
    columns = COLUMNS[target]
    values = {name: compared[name][target] for name in ESTIMATORS if name in compared}
    best = {column.metric: _best(values, column) for column in columns}
    return {
        "columns": columns,
        "rows": [
            {
                "words": words_of(name),
                "kind": _kind(name),
                "ours": name == OURS,
                "cells": [
                    _cell(column, metrics[column.metric], best[column.metric], currency)
                    for column in columns
                ],
            }
            for name, metrics in values.items()
        ],
        "beaten": _beaten(values, columns, currency),
    }


def beside_recency(compared: Mapping[str, Any]) -> list[str]:
    """Whether our chances order customers better than the days since the last purchase do.

    Empty where that was not measured: judgements of earlier versions lack it.
    """
    ours = compared[OURS]["occasions"]
    values = [ours.get(metric) for metric in ("auc", "auc_recency", "auc_active")]
    if None in values:
        return []
    chance, recency, active = (round(value, AGAIN.digits) for value in values)
    words = _(
        "Who buys again? Our chance to buy has the right one ahead in %(chance)s, the probability "
        "of being still active in %(active)s, the days since the last purchase alone in "
        "%(recency)s."
    )
    told = [words % {"chance": share(chance), "active": share(active), "recency": share(recency)}]
    if chance <= recency:
        told.append(_("So our chance to buy did not order customers better than the days alone."))
    if active <= recency:
        told.append(_("So do not sort by the probability of being still active: the days do it."))
    return told


def _kind(estimator: str) -> str:
    if estimator == OURS:
        return ""
    return _("plain rule") if estimator in RULES else _("single model")


def _best(values: Values, column: Column) -> float | None:
    told = (metrics[column.metric] for metrics in values.values())
    return min((column.loss(value) for value in told if value is not None), default=None)


def _cell(column: Column, value: float | None, best: float | None, currency: str) -> dict[str, Any]:
    if value is None:
        return {"label": column.label, "shown": "–", "best": False}
    shown = column.shown(value, currency)
    return {"label": column.label, "shown": shown, "best": column.loss(value) == best}


def _beaten(values: Values, columns: Sequence[Column], currency: str) -> list[dict[str, Any]]:
    """Who was ahead of ours and in what, plain rules first; one sentence each."""
    ahead: dict[str, list[str]] = {}
    for column in columns:
        name = _ahead(values, column)
        if name is not None:
            theirs, ours = (column.shown(values[n][column.metric] or 0, currency)
                            for n in (name, OURS))  # fmt: skip
            words = _("%(column)s (%(theirs)s against %(ours)s)")
            told = {"column": column.label, "theirs": theirs, "ours": ours}
            ahead.setdefault(name, []).append(words % told)
    words = _("“%(name)s” was better here: %(columns)s.")
    return [
        {
            "words": words % {"name": words_of(name), "columns": ", ".join(ahead[name])},
            "rule": name in RULES,
        }
        for name in sorted(ahead, key=ESTIMATORS.index)
    ]


def _ahead(values: Values, column: Column) -> str | None:
    """The best that beats ours in this column, a plain rule before all models."""
    ours = values[OURS][column.metric]
    losses = {
        name: column.loss(value)
        for name, metrics in values.items()
        if (value := metrics[column.metric]) is not None
    }
    better = [name for name in losses if ours is not None and losses[name] < losses[OURS]]
    rules = [name for name in better if name in RULES]
    return min(rules or better, key=losses.__getitem__, default=None)
