"""What time each customer takes of who looks after it, by what is recorded of conversations.

Where cost to serve is allocated, `rooms` takes what was charged instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count, F, Q, Sum

from kundenstamm.care.models import Interaction
from kundenstamm.guard.models import User

YEAR = timedelta(days=365)
# Minutes of what nobody noted the minutes of; and of what is never recorded, in a year.
USUAL = {"visit": 60, "call": 10, "mail": 10, "support": 30, "complaint": 30}
UNRECORDED = 30.0


def minutes_of_the_year(actor: User, customers: Iterable[int], day: date) -> dict[int, float]:
    """Customer → minutes of the year before a day; never nil, for everybody takes some."""
    found = dict.fromkeys(customers, UNRECORDED)
    held = (
        Interaction.objects.visible_to(actor)
        .standing()
        .filter(customer__in=list(found), kind__in=USUAL, day__gt=day - YEAR, day__lte=day)
    )
    told = held.order_by().values_list("customer", "kind").annotate(
        noted=Sum(F("minutes")), number=Count("pk", filter=Q(minutes=None))
    )  # fmt: skip
    for customer, kind, noted, number in told:
        found[customer] += float(noted or 0) + USUAL[kind] * number
    return found
