"""Customers that somebody wants at hand."""

from __future__ import annotations

from datetime import datetime

from kundenstamm.customers import deeds
from kundenstamm.customers.actions import demand_known
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User


def star(customer: Customer, *, actor: User, at: datetime) -> None:
    """Keep a customer at hand; once more changes nothing.

    Raises
    ------
    Forbidden
        The actor may not know of the customer.
    """
    demand_known(customer.pk, actor)
    deeds.star([customer.pk], actor, at)


def unstar(customer: Customer, *, actor: User, at: datetime) -> None:
    """Take one's star away; without one nothing changes. Raises as `star`."""
    demand_known(customer.pk, actor)
    deeds.unstar([customer.pk], actor)
