"""Mails about accounts, in the language of whoever gets them."""

from __future__ import annotations

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from kundenstamm.guard.models import User


def send_invitation(user: User, link: str, *, actor: User) -> None:
    """The link to come in by.

    Raises
    ------
    OSError
        The mail server does not take it.
    """
    with translation.override(user.language):
        subject = _("Your access to Kundenstamm")
        words = render_to_string(
            "guard/invitation_mail.txt", {"user": user, "link": link, "actor": actor}
        )
    send_mail(subject, words, None, [user.email])
