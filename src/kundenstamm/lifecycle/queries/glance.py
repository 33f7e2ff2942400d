"""A customer at a glance: the figures that decide whether to open the page."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kundenstamm.customers.models import Assignment, Customer
from kundenstamm.customers.queries import assignments_of, known_customer, stars_of
from kundenstamm.guard.models import User
from kundenstamm.lifecycle.models import Estimate, ValuationRun
from kundenstamm.lifecycle.queries.runs import latest_run


@dataclass(frozen=True)
class Glance:
    """``estimate`` is missing for a customer that was entered after the last valuation."""

    customer: Customer
    run: ValuationRun | None
    estimate: Estimate | None
    serving: list[Assignment]
    starred: bool


def glance(actor: User, key: UUID) -> Glance | None:
    """The customer behind a public key; None where there is none or none for ``actor``."""
    customer = known_customer(actor, key)
    if customer is None:
        return None
    run = latest_run()
    estimates = Estimate.objects.visible_to(actor).filter(run=run, customer=customer)
    return Glance(
        customer=customer,
        run=run,
        estimate=estimates.first(),
        serving=[each for each in assignments_of(actor, customer) if each.ends is None],
        starred=stars_of(actor).filter(customer=customer).exists(),
    )
