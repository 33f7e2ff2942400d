"""Whom one speaks with at a customer: who objected is left in peace, who goes has a successor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kundenstamm.customers.contacts import Contact, Objection, Role
from kundenstamm.guard.models import User

# What is told of somebody to speak with; nothing that is sealed.
TOLD = ("customer_id", "key", "name", "function", "roles", "objection", "is_main")


@dataclass(frozen=True)
class Partner:
    """Whom to speak with, where the one to turn to first has objected.

    ``objects``: that one. ``instead``: somebody else; None: nobody may be spoken with.
    """

    objects: Contact
    instead: Contact | None


def leaves_in_peace(contact: Contact, *, asked_us: bool) -> bool:
    """Whether an objection forbids to speak with somebody about this.

    ``asked_us``: they wait for us, as with a complaint. An objection to advertising forbids what we
    begin ourselves, and a call that wins back or sells is advertising (§ 7 UWG); it does not forbid
    to answer.

    >>> leaves_in_peace(Contact(objection="advertising"), asked_us=True)
    False
    >>> leaves_in_peace(Contact(objection="all"), asked_us=True)
    True
    """
    if contact.objection == Objection.ADVERTISING:
        return not asked_us
    return contact.objection == Objection.ALL


def partner(contacts: Sequence[Contact], *, asked_us: bool) -> Partner | None:
    """None where nobody is entered, or the first of them may be spoken with."""
    if not contacts or not leaves_in_peace(contacts[0], asked_us=asked_us):
        return None
    others = (each for each in contacts if not leaves_in_peace(each, asked_us=asked_us))
    return Partner(contacts[0], next(others, None))


def successor(leaves: Contact, others: Iterable[Contact]) -> Contact | None:
    """Who is likeliest to take over from a main contact that leaves; None: nobody is left.

    First who may be contacted, then whoever shares most parts in the decision, then who decides,
    then who was entered first.
    """
    left = [each for each in others if each.pk != leaves.pk and not each.withdrawn]
    return min(left, key=lambda each: _rank(each, leaves), default=None)


def _rank(contact: Contact, leaves: Contact) -> tuple[int, int, bool, int]:
    """The smaller the better."""
    forbids = [*("", Objection.ADVERTISING, Objection.ALL)].index(contact.objection)
    shared = len(set(contact.roles) & set(leaves.roles))
    return forbids, -shared, Role.DECIDER not in contact.roles, contact.pk


def contacts_at(actor: User, customers: Iterable[int]) -> dict[int, list[Contact]]:
    """Those to speak with at each of some customers, the main contact first."""
    known = Contact.objects.visible_one_by_one(actor).filter(customer__in=list(customers))
    found: dict[int, list[Contact]] = {}
    for each in known.standing().main_first().only(*TOLD):
        found.setdefault(each.customer_id, []).append(each)
    return found
