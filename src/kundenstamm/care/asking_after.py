"""After a complaint is solved the customer is asked how it was handled, if somebody wished that."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kundenstamm.care.asking_many import writable
from kundenstamm.care.models import Complaint, Survey
from kundenstamm.care.survey_actions import Question, ask_by_mail
from kundenstamm.customers.actions import demand_known
from kundenstamm.customers.models import Contact
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand


@transaction.atomic
def wish(complaint: Complaint, asks: bool, *, actor: User, at: datetime) -> None:
    """Whether to ask once it is solved.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It is solved already.
    """
    demand(actor, Right.RECORD)
    demand_known(complaint.customer_id, actor)
    held = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    if held.solved:
        raise ValidationError(_("This complaint is solved. Open it again first."))
    held.asks_after = asks
    held.save(update_fields=["asks_after"])


@transaction.atomic
def ask_after(complaint: Complaint, *, actor: User, at: datetime) -> Survey:
    """Ask by mail how a solved complaint was handled, once.

    Whoever complained is asked, if they may be written to; else the first contact who may.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It is not solved, or was asked about already; nobody can be written to; or the customer
        was asked too lately.
    """
    demand(actor, Right.RECORD)
    demand_known(complaint.customer_id, actor)
    held = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    if not held.solved:
        raise ValidationError(_("This complaint is open."))
    if asked_after(actor, held):
        raise ValidationError(_("The customer was asked about this complaint already."))
    whom = _whom(held, actor)
    if whom is None:
        raise ValidationError(_("Nobody there can be written to: no mail address, or objections."))
    question = Question(contact=whom, complaint=held)
    return ask_by_mail(held.customer, question, actor=actor, at=at)


def asked_after(actor: User, complaint: Complaint) -> Survey | None:
    """The latest question of how it was handled; one revoked unanswered asked nobody."""
    known = Survey.objects.visible_to(actor).filter(complaint=complaint)
    stands = known.exclude(revoked_at__isnull=False, answered_at__isnull=True)
    return stands.order_by("-asked_at", "-pk").first()


def _whom(complaint: Complaint, actor: User) -> Contact | None:
    complained = complaint.interaction.contact
    if complained and complained.email and not (complained.objection or complained.withdrawn):
        return complained
    return writable(actor, [complaint.customer_id]).get(complaint.customer_id)
