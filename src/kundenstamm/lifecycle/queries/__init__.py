"""Which estimates? What the pages read, always starting from ``visible_to(actor)``."""

from kundenstamm.lifecycle.queries.chosen import Chosen, Period, period
from kundenstamm.lifecycle.queries.comparing import Comparable
from kundenstamm.lifecycle.queries.figures import Figures, Point, base_figures
from kundenstamm.lifecycle.queries.glance import Glance, glance
from kundenstamm.lifecycle.queries.listing import About, Page, Row, chosen_customers, customer_page
from kundenstamm.lifecycle.queries.purchases import Day, Document, Documents, documents
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.lifecycle.queries.sheet import Sheet, customer_sheet
from kundenstamm.lifecycle.queries.wanted import BANDS, SORTS, Band, Wanted

__all__ = [
    "BANDS",
    "SORTS",
    "About",
    "Band",
    "Chosen",
    "Comparable",
    "Day",
    "Document",
    "Documents",
    "Figures",
    "Glance",
    "Page",
    "Period",
    "Point",
    "Row",
    "Sheet",
    "Wanted",
    "base_figures",
    "chosen_customers",
    "customer_page",
    "customer_sheet",
    "documents",
    "glance",
    "latest_run",
    "period",
]
