"""What customers complained of: what is open, what it came from, how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F

from kundenstamm.care.models import Complaint, ComplaintQuerySet, ComplaintStep, Interaction
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User


def complaints(actor: User) -> ComplaintQuerySet:
    """All that the actor may know of; what was recorded by mistake is none, and neither is what a
    corrected file has given to another customer since."""
    found = Complaint.objects.visible_to(actor).filter(
        customer__withdrawn=False, interaction__withdrawn_at=None,
        interaction__customer=F("customer"),
    )  # fmt: skip
    return found.select_related("customer", "owner", "of_class")


def of_customer(actor: User, customer: Customer) -> ComplaintQuerySet:
    return complaints(actor).filter(customer=customer)


def opened_from(actor: User, customer: Customer, found: Sequence[Interaction]) -> dict[int, UUID]:
    """By interaction: the key of the complaint that it was opened as."""
    asked = [each.pk for each in found if each.kind == Interaction.Kind.COMPLAINT]
    if not asked:
        return {}
    opened = of_customer(actor, customer).filter(interaction__in=asked)
    return dict(opened.values_list("interaction_id", "key"))


def steps(actor: User, complaint: Complaint) -> list[ComplaintStep]:
    """What happened to a complaint, in order of time."""
    found = ComplaintStep.objects.visible_to(actor).filter(complaint=complaint)
    return list(found.select_related("by", "from_owner", "to_owner").order_by("at", "pk"))
