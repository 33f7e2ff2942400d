"""The card of the customer's page: what to do next, why, and the answers to it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.today import queries
from kundenstamm.today.models import Step
from kundenstamm.web.today.rows import row


def step_card(actor: User, customer: Customer) -> dict[str, Any]:
    """The step that waits; else what lets it rest; nothing where there is none."""
    today = timezone.localdate()
    known = Step.objects.visible_to(actor).filter(customer=customer)
    step = queries.step_of(actor, customer, today)
    rests = None if step else queries.resting(actor, customer, today)
    # Its causes are told also while it rests.
    told = step or known.select_related("customer").first()
    return {
        "row": row(actor, told, today, answers=step is not None) if told else None,
        "rests": rests,
    }
