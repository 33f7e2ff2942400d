"""Looking behind a mask: one field at a time, with a reason that is kept."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from kundenstamm.guard import audit
from kundenstamm.guard.masks import FIELDS
from kundenstamm.guard.models import User

LONGEST = 200


class Reason(models.TextChoices):
    REACH = "reach", _("Call or write to them")
    COMPLAINT = "complaint", _("Complaint")
    INVOICE = "invoice", _("Question about an invoice")
    SUBJECT = "subject", _("Request of the person concerned")
    OTHER = "other", _("Something else")


def note(
    customer: int, field: str, reason: str, words: str = "", *, actor: User, at: datetime
) -> None:
    """Keep who is about to see which field, and why. Comes before the field is shown.

    Raises
    ------
    ValidationError
        There is no such reason; or it is another one, and no word says which.
    """
    if field not in FIELDS:
        raise ValueError(f"There is no field {field!r} to reveal.")
    if reason not in Reason.values:
        raise ValidationError(_("Choose a reason."))
    said = " ".join(words.split())[:LONGEST]
    if reason == Reason.OTHER and not said:
        raise ValidationError(_("Say why."))
    told = f"{reason}: {said}" if said else reason
    audit.note_reveal(customer, field, told, actor=actor, at=at)
