"""The comparison of estimators in words: columns, what they mean, who was best in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kundenstamm.lifecycle.evidence.judging import OURS
from kundenstamm.lifecycle.rules import MODELS, money
from kundenstamm.web.shell.figures import number, share

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

RULES: Mapping[str, _StrPromise] = {
    "last_window": gettext_lazy("As many as in the window before"),
    "own_rate": gettext_lazy("At the customer's average so far"),
}
AIM = 0.8


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
    best = {column.metric: _best(compared, target, column) for column in columns}
    return {
        "columns": columns,
        "rows": [
            {
                "words": words_of(name),
                "kind": _kind(name),
                "ours": name == OURS,
                "cells": [
                    _cell(column, targets[target][column.metric], best[column.metric], currency)
                    for column in columns
                ],
            }
            for name, targets in compared.items()
        ],
        "beaten": [
            said for column in columns if (said := _beaten(compared, target, column, currency))
        ],
    }


def _kind(estimator: str) -> str:
    if estimator == OURS:
        return ""
    return _("plain rule") if estimator in RULES else _("single model")


def _best(compared: Mapping[str, Any], target: str, column: Column) -> float | None:
    values = (targets[target][column.metric] for targets in compared.values())
    return min((column.loss(value) for value in values if value is not None), default=None)


def _cell(column: Column, value: float | None, best: float | None, currency: str) -> dict[str, Any]:
    if value is None:
        return {"label": column.label, "shown": "–", "best": False}
    shown = column.shown(value, currency)
    return {"label": column.label, "shown": shown, "best": column.loss(value) == best}


def _beaten(
    compared: Mapping[str, Any], target: str, column: Column, currency: str
) -> dict[str, Any] | None:
    """Who was ahead of ours in this column, a plain rule before all; None where nobody was."""
    values = {name: targets[target][column.metric] for name, targets in compared.items()}
    ours = values.pop(OURS)
    if ours is None:
        return None
    ahead = {
        name: value
        for name, value in values.items()
        if value is not None and column.loss(value) < column.loss(ours)
    }
    rules = {name: value for name, value in ahead.items() if name in RULES}
    if not ahead:
        return None
    name, theirs = min((rules or ahead).items(), key=lambda pair: column.loss(pair[1]))
    words = _("%(column)s: “%(name)s” was better here (%(theirs)s against %(ours)s).") % {
        "column": column.label,
        "name": words_of(name),
        "theirs": column.shown(theirs, currency),
        "ours": column.shown(ours, currency),
    }
    return {"words": words, "rule": name in RULES}
