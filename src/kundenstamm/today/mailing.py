"""The morning mail: the day's steps for whoever wishes it, once a day, from Monday to Friday.

Mails are open letters: a customer is a number and a link, unless the person wants the names. Who
may know of whom is asked when the mail is sent, and what it tells stands in the audit like a page.
"""

from __future__ import annotations

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Contact
from kundenstamm.customers.speaking import contacts_at, partner
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.lifecycle.rules import sentence
from kundenstamm.today.models import Step, Wish
from kundenstamm.today.queries import day_of
from kundenstamm.worth.care.effect import Cause

log = logging.getLogger(__name__)
# By the company's clock; after the night's valuation.
MORNING, SATURDAY = 6, 5


def due(*, at: datetime) -> list[User]:
    """Who waits for a mail now: wishes it, has not had it today, and still serves customers."""
    local = _local(at)
    if local.hour < MORNING or local.weekday() >= SATURDAY:
        return []
    not_yet = Q(mailed_on__isnull=True) | Q(mailed_on__lt=local.date())
    wishes = Wish.objects.filter(not_yet, morning_mail=True, person__is_active=True)
    people = [each.person for each in wishes.select_related("person").order_by("pk")]
    return [person for person in people if may(person, Right.RECORD)]


def send(person: User, *, at: datetime) -> bool:
    """Mail the day's steps; False where there are none, or the mail server does not take them.

    One that fails is tried again the next time.
    """
    today = _local(at).date()
    try:
        with transaction.atomic():
            wish = Wish.objects.select_for_update().get(person=person)
            steps = day_of(person, today).steps
            wish.mailed_on = today
            wish.save(update_fields=["mailed_on"])
            if steps:
                about = [each.customer_id for each in steps]
                note_read("morning-mail", about, actor=person, at=at)
                _mail(person, steps, named=wish.names_customers, at_them=contacts_at(person, about))
    except OSError as failed:
        log.warning("The morning mail of person %s was not taken: %s", person.pk, failed)
        return False
    return bool(steps)


def _mail(
    person: User, steps: list[Step], *, named: bool, at_them: dict[int, list[Contact]]
) -> None:
    currency = profile().currency
    with translation.override(person.language):
        told = [
            {
                "who": each.customer.name if named else each.customer.number,
                "why": sentence(each.reason, person.language, currency) if named else "",
                "minutes": each.minutes,
                "objection": _objection(each, at_them.get(each.customer_id, [])),
                "link": settings.SITE_URL + reverse("customer", args=[each.customer.key]),
            }
            for each in steps
        ]
        subject = ngettext("%(n)d step today", "%(n)d steps today", len(told)) % {"n": len(told)}
        page = settings.SITE_URL + reverse("today")
        context = {"told": told, "person": person, "page": page}
        words = render_to_string("today/morning_mail.txt", context)
    send_mail(subject, words, None, [person.email])


def _objection(step: Step, contacts: list[Contact]) -> str:
    """Without a name: mails are open letters. Whom to speak with instead stands on the page."""
    found = partner(contacts, asked_us=step.cause == Cause.COMPLAINT)
    if found is None:
        return ""
    if found.instead is None:
        return _("Do not call: whoever is entered there has objected.")
    return _("The main contact has objected; the page says with whom to speak.")


def _local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(profile().time_zone))
