"""A letter that tells a customer who looks after it from now on, in German or English.

It says nothing of why somebody goes.
"""

from __future__ import annotations

from datetime import date

from django.utils import formats, translation
from django.utils.translation import gettext, gettext_noop

from kundenstamm.company.queries import profile
from kundenstamm.customers.timeline import local_day
from kundenstamm.departures.models import HandoverLine

LANGUAGES = ("de", "en")
SUBJECT = gettext_noop("Who looks after you from {day} on")
SALUTATION = gettext_noop("Dear Sir or Madam,")
BODY = (
    gettext_noop(
        "From {day} on {successor} looks after you, as {person} is leaving our company. Everything "
        "that we have agreed with you holds as agreed."
    ),
    gettext_noop(
        "{successor} knows your orders and our agreements, and will get in touch with you within "
        "the next days."
    ),
    gettext_noop("Thank you for buying from us. We look forward to going on working with you."),
)
CLOSING = gettext_noop("Yours faithfully")


def letter(line: HandoverLine, language: str, on: date) -> str:
    """The letter of a day, without letterhead; paragraphs are divided by an empty line."""
    departure, successor = line.departure, line.successor
    with translation.override(language):
        said = {
            "day": _day(local_day(departure.leaves_at) if departure.leaves_at else on),
            "person": departure.person.name,
            "successor": successor.name if successor else profile().name,
        }
        parts = [
            line.customer.name, _day(on), gettext(SUBJECT).format(**said), gettext(SALUTATION),
            *(gettext(text).format(**said) for text in BODY), gettext(CLOSING), profile().name,
        ]  # fmt: skip
        return "\n\n".join(part for part in parts if part)


def _day(day: date) -> str:
    return str(formats.date_format(day, "DATE_FORMAT"))
