"""How much of a customer's value hangs on a person: the one place that says so.

As `kundenstamm.relations` reckons it from conversations; where nobody has spoken with a customer,
from who serves it: by one alone it hangs on that person wholly, by two on each by half.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.customers.queries import to_hand_over
from kundenstamm.departures.models import Absence
from kundenstamm.guard.models import User
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.lifecycle.queries import latest_run
from kundenstamm.relations.queries import hanging_on


@dataclass(frozen=True)
class Bound:
    """A customer, its expected contribution of the year, and how much of that hangs on a person."""

    customer: Customer
    value: Decimal
    share: float


def bound(actor: User, representative: Representative, day: date) -> list[Bound]:
    """Whom a representative serves from a day on, as far as the actor knows, and how bound."""
    # Whoever only stands in hands nobody over, and holds nobody.
    lent = Absence.objects.all().lent(day)
    served = to_hand_over(actor, representative, day).exclude(pk__in=lent)
    held = served.values_list("customer", flat=True)
    customers = list(Customer.objects.visible_to(actor).filter(pk__in=set(held)).order_by("pk"))
    serving = Counter(
        Assignment.objects.visible_to(actor)
        .filter(Q(ends=None) | Q(ends__gte=day), starts__lte=day, customer__in=customers)
        .exclude(pk__in=lent)
        .values_list("customer", flat=True)
    )
    worth = values(actor, customers)
    hanging = hanging_on(actor, representative, [each.pk for each in customers])
    return [
        Bound(
            each,
            worth.get(each.pk, Decimal(0)),
            hanging.get(each.pk, 1 / max(serving[each.pk], 1)),
        )
        for each in customers
    ]


def values(actor: User, customers: list[Customer]) -> dict[int, Decimal]:
    """Expected contribution of the year; what is expected to cost is nothing to lose."""
    run = latest_run()
    if run is None:
        return {}
    found = Estimate.objects.visible_to(actor).filter(run=run, customer__in=customers)
    told = found.values_list("customer", "expected_contribution")
    return {pk: max(value or Decimal(0), Decimal(0)) for pk, value in told}
