"""What each customer is worth: three steps from a table of sales to an expectation.

>>> import datetime, polars
>>> import kundenstamm.worth as worth
>>> lines = worth.read(polars.DataFrame({
...     "customer_id": ["A", "A", "A", "B"],
...     "date": [datetime.date(2026, 1, d) for d in (2, 12, 22, 5)],
...     "amount": [100.0, 120.0, 80.0, 40.0],
... }))
>>> summarised = worth.summarise(lines, as_of=datetime.date(2026, 2, 1))
>>> summarised.sort("customer_id").select("customer_id", "occasions", "gap_mean").rows()
[('A', 3, 10.0), ('B', 1, None)]
>>> answer = worth.appraise(summarised, as_of=datetime.date(2026, 2, 1))
>>> answer.sort("customer_id")["stage"].to_list()
['regular', 'new']

Or everything at once, with intervals, by the estimator that does best on the table's own past:

>>> worth.score(lines, as_of=datetime.date(2026, 2, 1), days=90).columns[:3]
['customer', 'p_active', 'expected_occasions']

``backtest`` compares the estimators on that past. The single steps are functions of the modules
``summary``, ``value``, ``stages`` and ``whale``, the estimators classes of ``models``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kundenstamm.worth.appraisal import appraise, fit, summarise
    from kundenstamm.worth.arrays import summarise_arrays
    from kundenstamm.worth.auto import AutoEstimator
    from kundenstamm.worth.backtesting import backtest
    from kundenstamm.worth.covariates import Covariates
    from kundenstamm.worth.levels import Kind, Level, statement, statements
    from kundenstamm.worth.purchases import Purchases
    from kundenstamm.worth.scoring import score
    from kundenstamm.worth.stages import Stage, StageLimits
    from kundenstamm.worth.tables import TableError, read
    from kundenstamm.worth.value import Horizon
    from kundenstamm.worth.whale import Whale

_HOMES = {
    "appraise": "appraisal",
    "fit": "appraisal",
    "summarise": "appraisal",
    "summarise_arrays": "arrays",
    "AutoEstimator": "auto",
    "backtest": "backtesting",
    "Covariates": "covariates",
    "Kind": "levels",
    "Level": "levels",
    "statement": "levels",
    "statements": "levels",
    "Purchases": "purchases",
    "score": "scoring",
    "Stage": "stages",
    "StageLimits": "stages",
    "TableError": "tables",
    "read": "tables",
    "Horizon": "value",
    "Whale": "whale",
}

__all__ = [
    "AutoEstimator",
    "Covariates",
    "Horizon",
    "Kind",
    "Level",
    "Purchases",
    "Stage",
    "StageLimits",
    "TableError",
    "Whale",
    "appraise",
    "backtest",
    "fit",
    "read",
    "score",
    "statement",
    "statements",
    "summarise",
    "summarise_arrays",
]


def __getattr__(name: str) -> Any:
    """Names are found on first use: importing the package alone loads no library."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
