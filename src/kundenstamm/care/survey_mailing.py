"""Questions on their way by mail: one at once, or those that wait for the job."""

from __future__ import annotations

import logging
import secrets
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from kundenstamm.care.models import Survey
from kundenstamm.care.standing_in import knows
from kundenstamm.care.survey_actions import OPEN
from kundenstamm.company.queries import profile
from kundenstamm.customers.actions import demand_known
from kundenstamm.guard.models import User
from kundenstamm.guard.people import hashed
from kundenstamm.guard.rights import Right, demand, may

log = logging.getLogger(__name__)
# In one pass of the job: a mail server takes a few a second.
AT_ONCE = 100


def send(survey: Survey, link: str, *, actor: User, at: datetime) -> str:
    """Mail the link to the survey's contact; the address it went to.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        There is no contact with a mail address, or it has objected to advertising.
    OSError
        The mail server does not take it.
    """
    demand(actor, Right.RECORD)
    demand_known(survey.customer_id, actor)
    address = survey.contact.open("email") if survey.contact else ""
    if not address:
        raise ValidationError(_("Choose a contact with a mail address."))
    if survey.contact and survey.contact.objection:
        raise ValidationError(_("This contact has forbidden us to write for such a reason."))
    company = profile().name
    with translation.override(survey.language):
        subject = _("How satisfied are you with %(company)s?") % {"company": company or _("us")}
        told = {"survey": survey, "link": link, "company": company, "actor": actor}
        words = render_to_string("care/survey_mail.txt", told)
    send_mail(subject, words, None, [address])
    return address


def mail_waiting(*, actor: User, at: datetime) -> int:
    """Mail what waits, on behalf of whoever asked; how many went out.

    Revoked unsent is what may not be sent any more: the contact has objected, was removed or lost
    its address since, or whoever asked may not know of the customer any more. If the mail server
    takes none, all wait for the next pass.

    Raises
    ------
    Forbidden
        The actor may not keep the company's settings.
    """
    demand(actor, Right.COMPANY)
    sent = 0
    for key in _waiting(at):
        try:
            sent += _mail(key, at)
        except OSError as failed:
            log.warning("The mail server takes no questions of satisfaction: %s", failed)
            break
    return sent


def _waiting(at: datetime) -> list[int]:
    found = Survey.objects.filter(
        by_mail=True, mailed_at=None, revoked_at=None, open_until__gt=at
    ).order_by("pk")
    return list(found.values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _mail(pk: int, at: datetime) -> bool:
    """Its link lives from now on; nothing is written if the mail is not taken."""
    held = Survey.objects.select_for_update(of=("self",)).filter(mailed_at=None, revoked_at=None)
    told = ("contact", "asked_by", "complaint")
    survey = held.select_related(*told).filter(pk=pk).first()
    if survey is None:
        return False
    if not _may_be_sent(survey):
        survey.revoked_at = at
        survey.save(update_fields=["revoked_at"])
        return False
    token = secrets.token_urlsafe(32)
    survey.token_hash, survey.mailed_at, survey.open_until = hashed(token), at, at + OPEN
    survey.save(update_fields=["token_hash", "mailed_at", "open_until"])
    link = settings.SITE_URL + reverse("feedback", args=[token])
    send(survey, link, actor=survey.asked_by, at=at)
    return True


def _may_be_sent(survey: Survey) -> bool:
    contact, asker = survey.contact, survey.asked_by
    if survey.complaint is not None and not survey.complaint.solved:
        return False  # opened again meanwhile
    if contact is None or contact.withdrawn or contact.objection or not contact.email:
        return False
    return asker.is_active and may(asker, Right.RECORD) and knows(asker, survey.customer_id)
