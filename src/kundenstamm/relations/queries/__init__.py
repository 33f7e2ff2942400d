"""Who holds whom? Of one customer, of one colleague, of all: always starting from `visible_to`."""

from kundenstamm.relations.queries.holding import (
    Holding,
    Square,
    corrections_of,
    hanging_on,
    holding,
)
from kundenstamm.relations.queries.leaving import Leaving, Loss, leaving
from kundenstamm.relations.queries.people import People, Person, may_see, people

__all__ = [
    "Holding",
    "Leaving",
    "Loss",
    "People",
    "Person",
    "Square",
    "corrections_of",
    "hanging_on",
    "holding",
    "leaving",
    "may_see",
    "people",
]
