"""Alarms: told by mail to owners and data-protection officers, and on their pages until seen."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from kundenstamm.guard.models import Alarm, Role, User
from kundenstamm.guard.rights import Right, demand

log = logging.getLogger(__name__)


def announce(alarm: Alarm) -> None:
    """Mail whoever must know, each in their language. It names no customer: mails are open letters.

    A mail server that fails does not undo what has happened; the alarm stands on the page.
    """
    link = settings.SITE_URL + reverse("alarms")
    for told in User.objects.filter(
        role__in=(Role.OWNER, Role.DATA_PROTECTION), is_active=True
    ).order_by("pk"):
        with translation.override(told.language):
            subject = f"{alarm.get_kind_display()}: {alarm.person.name}"
            context = {"alarm": alarm, "told": told, "link": link}
            words = render_to_string("guard/alarm_mail.txt", context)
        try:
            send_mail(subject, words, None, [told.email])
        except OSError as failed:
            log.warning("The mail about alarm %s was not taken: %s", alarm.pk, failed)


def mark_seen(alarm: Alarm, *, actor: User, at: datetime) -> None:
    """Somebody has seen it; the first one stays on record."""
    demand(actor, Right.AUDIT)
    if alarm.seen_at is None:
        alarm.seen_by, alarm.seen_at = actor, at
        alarm.save(update_fields=["seen_by", "seen_at"])
