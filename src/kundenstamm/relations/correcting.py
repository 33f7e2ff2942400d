"""Somebody says how it really stands with a colleague at a customer, or takes that back."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kundenstamm.customers.actions import demand_known
from kundenstamm.customers.models import Customer
from kundenstamm.customers.timeline import local_day
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Forbidden, Right, demand, may
from kundenstamm.relations.models import Colleague, Correction

LONGEST_REASON = 300


@transaction.atomic
def correct(
    customer: Customer, colleague: Colleague, says: str, because: str, *, actor: User, at: datetime
) -> Correction:
    """Keep what is said against the record; the next reckoning counts it.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        There is no reason, or whoever is said to hold or know the customer works here no more.
    """
    demand(actor, Right.RECORD)
    demand_known(customer.pk, actor)
    said = " ".join(because.split())[:LONGEST_REASON]
    if not said:
        raise ValidationError({"because": _("Say why.")})
    if not colleague.here and says != Correction.Says.LEFT:
        raise ValidationError({"colleague": _("They do not work here any more.")})
    made = Correction(
        customer=customer, colleague=colleague, says=says, day=local_day(at), by=actor, at=at
    )
    made.put("because", said)
    made.full_clean()
    made.save()
    return made


@transaction.atomic
def take_back(correction: Correction, *, actor: User, at: datetime) -> None:
    """It counts no more; that it was said stays on record.

    Raises
    ------
    Forbidden
        It is somebody else's, and the actor does not assign customers; or the customer is hidden.
    ValidationError
        It is taken back already.
    """
    demand_known(correction.customer_id, actor)
    if not may_take_back(actor, correction):
        raise Forbidden(_("Whoever said it takes it back, or somebody who assigns customers."))
    held = Correction.objects.select_for_update().get(pk=correction.pk)
    if held.withdrawn_at is not None:
        raise ValidationError(_("It is taken back already."))
    held.withdrawn_at, held.withdrawn_by = at, actor
    held.save(update_fields=["withdrawn_at", "withdrawn_by"])


def may_take_back(actor: User, correction: Correction) -> bool:
    return may(actor, Right.RECORD) and (correction.by_id == actor.pk or may(actor, Right.ASSIGN))
