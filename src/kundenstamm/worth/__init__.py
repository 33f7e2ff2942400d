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

The single steps are functions of the modules ``summary``, ``value``, ``stages`` and ``whale``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kundenstamm.worth.appraisal import appraise, fit, summarise
    from kundenstamm.worth.arrays import summarise_arrays
    from kundenstamm.worth.levels import Kind, Level, statement, statements
    from kundenstamm.worth.stages import Stage, StageLimits
    from kundenstamm.worth.tables import TableError, read
    from kundenstamm.worth.value import Horizon
    from kundenstamm.worth.whale import Whale

_HOMES = {
    "appraise": "appraisal",
    "fit": "appraisal",
    "summarise": "appraisal",
    "summarise_arrays": "arrays",
    "Kind": "levels",
    "Level": "levels",
    "statement": "levels",
    "statements": "levels",
    "Stage": "stages",
    "StageLimits": "stages",
    "TableError": "tables",
    "read": "tables",
    "Horizon": "value",
    "Whale": "whale",
}

__all__ = [
    "Horizon",
    "Kind",
    "Level",
    "Stage",
    "StageLimits",
    "TableError",
    "Whale",
    "appraise",
    "fit",
    "read",
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
