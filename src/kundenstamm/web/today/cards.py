"""The card of the customer's page: what to do next, why, and the answers to it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from kundenstamm.customers.models import Contact, Customer
from kundenstamm.guard.models import User
from kundenstamm.today import queries
from kundenstamm.web.today.rows import row


def step_card(actor: User, customer: Customer, contacts: list[Contact]) -> dict[str, Any]:
    """The step with its causes, which are told also while it rests; nothing where there is none."""
    today = timezone.localdate()
    told = queries.prepared(actor, customer)
    if told is None:
        return {}
    waits = queries.waits(actor, told, today)
    rests = queries.resting(actor, customer, today)
    return {
        "row": row(actor, told, today, contacts, answers=waits),
        "rests": None if waits else rests,
    }
