"""What happens to contacts: they are entered, changed, made the main one, removed, put back."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kundenstamm.customers.actions import demand_known
from kundenstamm.customers.contacts import Contact, Role
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand


@dataclass(frozen=True)
class About:
    """All that is said of a contact. None for a sealed one: it stays as it is."""

    name: str = ""
    function: str = ""
    roles: list[str] = field(default_factory=list)
    salutation: str = ""
    language: str = ""
    preferred_way: str = ""
    objection: str = ""
    email: str | None = None
    phone: str | None = None
    best_time: str | None = None
    mention: str | None = None


@transaction.atomic
def add(customer: Customer, what: About, *, actor: User, at: datetime) -> Contact:
    """Enter somebody to talk to; the first one is the main contact.

    Raises
    ------
    Forbidden
        The actor may not keep contacts, or may not know of the customer.
    ValidationError
        Neither name nor a way to reach them is said, or something is too long or unknown.
    kundenstamm.guard.keys.KeysRefused
        Nothing can be sealed.
    """
    _demand(customer.pk, actor)
    _lock(customer.pk)
    made = Contact(customer=customer)
    made.is_main = not Contact.objects.filter(customer=customer, is_main=True).exists()
    return _save(made, what, at)


@transaction.atomic
def change(contact: Contact, what: About, *, actor: User, at: datetime) -> Contact:
    """Say anew all that is said of somebody. Raises as `add`; also for one that was removed."""
    _demand(contact.customer_id, actor)
    return _save(_standing(contact), what, at)


@transaction.atomic
def make_main(contact: Contact, *, actor: User, at: datetime) -> None:
    """The one to turn to first, instead of whoever it was.

    Raises
    ------
    Forbidden
        The actor may not keep contacts, or may not know of the customer.
    ValidationError
        The contact was removed.
    """
    _demand(contact.customer_id, actor)
    held = _standing(contact)
    # Two statements: there is never more than one main contact.
    others = Contact.objects.filter(customer=held.customer_id, is_main=True)
    others.exclude(pk=held.pk).update(is_main=False)
    held.is_main, held.edited_at = True, at
    held.save(update_fields=["is_main", "edited_at"])


@transaction.atomic
def remove(
    contact: Contact, *, actor: User, at: datetime, successor: Contact | None = None
) -> None:
    """Nobody to talk to any more. The row stays, for what happened names it.

    ``successor``: the main contact from now on, where the one who goes was it.

    Raises
    ------
    Forbidden
        The actor may not keep contacts, or may not know of the customer.
    ValidationError
        The contact was removed already; or the successor was, or is another customer's.
    """
    _demand(contact.customer_id, actor)
    held = _standing(contact)
    was_main = held.is_main
    held.withdrawn_at, held.withdrawn_by, held.is_main = at, actor, False
    held.save(update_fields=["withdrawn_at", "withdrawn_by", "is_main"])
    if successor is not None and was_main:
        if successor.customer_id != held.customer_id:
            raise ValidationError(_("This contact is another customer's."))
        make_main(successor, actor=actor, at=at)


@transaction.atomic
def put_back(contact: Contact, *, actor: User, at: datetime) -> None:
    """Somebody removed by mistake, or back again; not as the main contact. One that was not removed
    stays. Raises Forbidden as the others."""
    _demand(contact.customer_id, actor)
    held = Contact.objects.select_for_update().get(pk=contact.pk)
    held.withdrawn_at = held.withdrawn_by = None
    held.save(update_fields=["withdrawn_at", "withdrawn_by"])


def _demand(customer: int, actor: User) -> None:
    """Whoever changes what is masked must be shown it without asking, too."""
    demand(actor, Right.RECORD)
    demand(actor, Right.CONTACTS)
    demand_known(customer, actor)


def _lock(customer: int) -> None:
    """Of two who change who is the main contact, one waits."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer)


def _standing(contact: Contact) -> Contact:
    _lock(contact.customer_id)
    held = Contact.objects.select_for_update().get(pk=contact.pk)
    if held.withdrawn:
        raise ValidationError(_("This contact was removed. Put it back first."))
    return held


def _save(contact: Contact, what: About, at: datetime) -> Contact:
    for each in fields(About):
        said = getattr(what, each.name)
        if each.name in Contact.sealed_fields:
            _seal(contact, each.name, said)
        elif each.name == "roles":
            contact.roles = [role.value for role in Role if role.value in said]
        else:
            setattr(contact, each.name, " ".join(said.split()))
    if not (contact.name or contact.email or contact.phone):
        raise ValidationError({"name": _("Say who it is, or how to reach them.")})
    contact.edited_at = at
    contact.full_clean()
    contact.save()
    return contact


def _seal(contact: Contact, name: str, said: str | None) -> None:
    """What has not changed is not sealed anew: the audit would note a change."""
    if said is None:
        return
    text = said.strip()
    if not getattr(contact, name) or not text or contact.open(name) != text:
        contact.put(name, text)
