"""What customers complained of: what is open, what it came from, how long it took."""

from __future__ import annotations

from kundenstamm.care.models import Complaint, ComplaintQuerySet, ComplaintStep
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User


def complaints(actor: User) -> ComplaintQuerySet:
    """All that the actor may know of; what was recorded by mistake is none."""
    found = Complaint.objects.visible_to(actor).filter(
        customer__withdrawn=False, interaction__withdrawn_at=None
    )
    return found.select_related("customer", "owner", "of_class")


def of_customer(actor: User, customer: Customer) -> ComplaintQuerySet:
    return complaints(actor).filter(customer=customer)


def steps(actor: User, complaint: Complaint) -> list[ComplaintStep]:
    """What happened to a complaint, in order of time."""
    found = ComplaintStep.objects.visible_to(actor).filter(complaint=complaint)
    return list(found.select_related("by", "from_owner", "to_owner").order_by("at", "pk"))
