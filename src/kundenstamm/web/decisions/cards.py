"""What the customer's card of terms says of proposals and reminders."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Customer
from kundenstamm.decisions.actions import offer_of
from kundenstamm.decisions.queries.proposals import is_waiting, proposals
from kundenstamm.guard.masks import sees
from kundenstamm.guard.models import User
from kundenstamm.web.decisions import words


def proposals_card(actor: User, customer: Customer) -> dict[str, Any] | None:
    """What waits for this customer; nothing for whoever sees no prices."""
    if not sees(actor, "document.prices"):
        return None
    waiting = proposals(actor).filter(is_waiting(timezone.localdate()), customer=customer)
    currency = profile().currency
    return {
        "waiting": [{"of": each, "says": words.says(offer_of(each), currency)} for each in waiting]
    }
