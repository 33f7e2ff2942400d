"""Which agreements, what do they cost, and what came back?"""

from kundenstamm.terms.queries.brought import brought
from kundenstamm.terms.queries.costs import Given, given
from kundenstamm.terms.queries.overview import Overview, overview
from kundenstamm.terms.queries.returned import Comparison, Returned, comparison, returned
from kundenstamm.terms.queries.unexplained import Unexplained, unexplained, unexplained_entries

__all__ = [
    "Comparison", "Given", "Overview", "Returned", "Unexplained", "brought", "comparison", "given",
    "overview", "returned", "unexplained", "unexplained_entries",
]  # fmt: skip
