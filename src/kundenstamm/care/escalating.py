"""Complaints past a deadline are escalated, once: marked, and told to who can do something."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from kundenstamm.care.models import Complaint, ComplaintStep
from kundenstamm.care.standing_in import knows
from kundenstamm.guard.models import Role, User

log = logging.getLogger(__name__)


def escalate(*, actor: User, at: datetime) -> list[Complaint]:
    """Mark what is late by now and was not marked before, and tell of it."""
    late = _mark(actor, at)
    for each in late:
        announce(each)
    return late


@transaction.atomic
def _mark(actor: User, at: datetime) -> list[Complaint]:
    unanswered = Q(answered_at=None, answer_due__lt=at)
    found = Complaint.objects.filter(
        unanswered | Q(solve_due__lt=at), solved_at=None, escalated_at=None,
        interaction__withdrawn_at=None, interaction__customer=F("customer"),
        customer__withdrawn=False,
    )  # fmt: skip
    late = list(found.select_for_update(of=("self",)).select_related("owner").order_by("pk"))
    Complaint.objects.filter(pk__in=[each.pk for each in late]).update(escalated_at=at)
    ComplaintStep.objects.bulk_create(
        ComplaintStep(
            complaint=each, customer_id=each.customer_id, kind=ComplaintStep.Kind.ESCALATED,
            at=at, by=actor,
        )
        for each in late
    )  # fmt: skip
    return late


def announce(complaint: Complaint) -> None:
    """Mail who must know, each in their language. It names no customer: mails are open letters.

    A mail server that fails does not undo it; the complaint stands marked on everybody's list.
    """
    link = settings.SITE_URL + reverse("complaint", args=[complaint.key])
    for told in told_of(complaint):
        with translation.override(told.language):
            subject = _("A complaint is past its deadline")
            context = {"told": told, "owner": complaint.owner, "link": link}
            words = render_to_string("care/escalation_mail.txt", context)
        try:
            send_mail(subject, words, None, [told.email])
        except OSError as failed:
            log.warning("The mail about complaint %s was not taken: %s", complaint.pk, failed)


def told_of(complaint: Complaint) -> list[User]:
    """Whose it is, and the sales leads who know the customer; without any, the owners who do."""
    leads = _who_know(complaint, Role.SALES_LEAD) or _who_know(complaint, Role.OWNER)
    own = [complaint.owner] if knows(complaint.owner, complaint.customer_id) else []
    return own + [each for each in leads if each.pk != complaint.owner_id]


def _who_know(complaint: Complaint, role: Role) -> list[User]:
    found = User.objects.filter(role=role, is_active=True).order_by("pk")
    return [each for each in found if knows(each, complaint.customer_id)]
