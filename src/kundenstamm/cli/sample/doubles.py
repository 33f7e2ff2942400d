"""Three customers of the sample company that somebody entered again, from a list of a fair."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from kundenstamm.customers import matching
from kundenstamm.customers.models import Assignment, Contact, Customer
from kundenstamm.guard.models import User
from kundenstamm.importers.actions import value_after

SOURCE = "Messe"
TWICE = 3


def enter_twice(*, actor: User, at: datetime) -> None:
    """Once: misspelt, without number and street, with the phone of the first one; and found."""
    if Customer.objects.filter(channel=SOURCE).exists():
        return
    with transaction.atomic():
        for count, known in enumerate(_known(), start=1):
            _again(known, f"{SOURCE} {count}", at)
        matching.find(actor=actor, at=at)
    value_after(actor=actor, at=at)


def _known() -> list[Customer]:
    """Companies that somebody serves and that can be called."""
    served = Customer.objects.filter(
        withdrawn=False, confidential=False, kind="company", assignments__ends=None,
        contacts__is_main=True,
    ).exclude(contacts__phone="")  # fmt: skip
    return list(served.order_by("number").distinct()[:TWICE])


def _again(known: Customer, number: str, at: datetime) -> None:
    first, *rest = known.name.split(" ")
    made = Customer.objects.create(
        number=number, name=" ".join([first.upper(), *rest[:1]]), channel=SOURCE,
        postcode=known.postcode, city=known.city, region=known.region, created_at=at,
    )  # fmt: skip
    main = known.contacts.filter(is_main=True).first()
    if main is not None:
        contact = Contact(customer=made, name=main.name, is_main=True)
        contact.put("phone", main.open("phone"))
        contact.save()
    for held in known.assignments.filter(ends=None):
        Assignment.objects.create(
            customer=made,
            representative=held.representative,
            starts=timezone.localdate(at),
        )
