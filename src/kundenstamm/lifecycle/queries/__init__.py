"""Which estimates? What the pages read, always starting from ``visible_to(actor)``."""

from kundenstamm.lifecycle.queries.listing import (
    About,
    Page,
    Row,
    about_count,
    customer_page,
)
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.lifecycle.queries.wanted import BANDS, SORTS, Band, Wanted

__all__ = [
    "BANDS",
    "SORTS",
    "About",
    "Band",
    "Page",
    "Row",
    "Wanted",
    "about_count",
    "customer_page",
    "latest_run",
]
