"""What must not be lost of important contacts: written by who goes, read by who stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kundenstamm.customers.actions import demand_known
from kundenstamm.customers.models import Contact
from kundenstamm.departures.actions import hold
from kundenstamm.departures.models import LONGEST, Departure, KnowledgeSheet
from kundenstamm.departures.planning import known_lines
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand, may

PARTS = tuple(KnowledgeSheet.sealed_fields)
# So many customers, the most valuable first, have their contacts written down.
MOST = 15


@transaction.atomic
def prepare(departure: Departure, *, actor: User, at: datetime) -> int:
    """Empty sheets for the main contacts of the most valuable customers; how many are new.

    Raises
    ------
    Forbidden
        The departure is not confided to the actor.
    ValidationError
        It is over, or still secret: whoever knows the customer would see the sheet.
    """
    held = hold(departure, actor)
    if held.is_secret:
        raise ValidationError(_("Sheets are made once the departure is known."))
    customers = [line.customer_id for line in known_lines(held, actor)[:MOST]]
    contacts = Contact.objects.visible_to(actor).standing().filter(customer__in=customers)
    # The main contact, or the first one where none is.
    of_each: dict[int, Contact] = {}
    for contact in contacts.main_first():
        of_each.setdefault(contact.customer_id, contact)
    there = KnowledgeSheet.objects.visible_to(actor).filter(departure=held)
    had = set(there.values_list("contact", flat=True))
    made = [
        KnowledgeSheet(
            departure=held, contact=contact, customer_id=customer, written_by=actor, written_at=at
        )
        for customer, contact in of_each.items()
        if contact.pk not in had
    ]
    return len(KnowledgeSheet.objects.bulk_create(made))


def sheets(actor: User) -> QuerySet[KnowledgeSheet]:
    """Sheets of customers that the actor knows, of departures that are known; for who records."""
    if not may(actor, Right.RECORD):
        return KnowledgeSheet.objects.none()
    found = KnowledgeSheet.objects.visible_to(actor).exclude(departure__state="withdrawn")
    return found.select_related("contact", "customer", "written_by").order_by(
        "customer__sort_name", "pk"
    )


@transaction.atomic
def write(sheet: KnowledgeSheet, said: Mapping[str, str], *, actor: User, at: datetime) -> None:
    """What there is to know, part by part.

    Raises
    ------
    Forbidden
        The actor does not record, or may not know of the customer.
    ValidationError
        A part is too long.
    """
    demand(actor, Right.RECORD)
    demand_known(sheet.customer_id, actor)
    for name in PARTS:
        text = said.get(name, "").strip()
        if len(text) > LONGEST:
            raise ValidationError({name: _("This is too long. Shorten it.")})
        sheet.put(name, text)
    sheet.written_by, sheet.written_at, sheet.erased_at = actor, at, None
    sheet.save()


def erase(sheet: KnowledgeSheet, *, actor: User, at: datetime) -> None:
    """Nothing of what was written is left; that there was something stays on record.

    Raises
    ------
    Forbidden
        The actor does not record, or may not know of the customer.
    """
    demand(actor, Right.RECORD)
    demand_known(sheet.customer_id, actor)
    for name in PARTS:
        sheet.put(name, "")
    sheet.erased_at = at
    sheet.save()
