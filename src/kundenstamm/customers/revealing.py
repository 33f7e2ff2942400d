"""Masked fields of customers and their contacts, revealed one at a time with a reason."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kundenstamm.customers.actions import demand_known
from kundenstamm.customers.contacts import Contact, ContactQuerySet
from kundenstamm.customers.models import Customer
from kundenstamm.guard import revealing
from kundenstamm.guard.models import User


def contact_of(actor: User, key: UUID) -> Contact | None:
    """The contact behind a public key; None where there is none or none for ``actor``."""
    known = Contact.objects.visible_to(actor).filter(customer__withdrawn=False)
    return known.select_related("customer").filter(key=key).first()


def contacts_of(actor: User, customer: Customer) -> ContactQuerySet:
    """All whom one can or could talk to there, the main contact first."""
    return Contact.objects.visible_to(actor).filter(customer=customer).main_first()


def reveal_contact(
    contact: Contact, name: str, reason: str, words: str, *, actor: User, at: datetime
) -> str:
    """Mail address or phone of one contact.

    Raises
    ------
    Forbidden
        The actor may not know of the customer.
    ValidationError
        The reason is missing.
    kundenstamm.guard.keys.KeysRefused
        The value cannot be opened.
    """
    demand_known(contact.customer_id, actor)
    field = f"contact.{name}"
    revealing.note(contact.customer_id, field, reason, words, actor=actor, at=at)
    return contact.open(name)


def reveal_prices(
    customer: Customer, reason: str, words: str, *, actor: User, at: datetime
) -> None:
    """Prices of one document; who calls shows no other. Raises as `reveal_contact` does."""
    demand_known(customer.pk, actor)
    revealing.note(customer.pk, "document.prices", reason, words, actor=actor, at=at)
