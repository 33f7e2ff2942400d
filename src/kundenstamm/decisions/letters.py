"""A letter for a chosen rung, as a draft in German or English.

It names what changes and from when, and neither blames nor reckons. What was confirmed or agreed
holds on, in each of them: whether a change can be asked for at all, the agreements say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils import formats, translation
from django.utils.translation import gettext, gettext_noop

from kundenstamm.company.queries import profile
from kundenstamm.decisions.models import RepairPlan, Rung
from kundenstamm.lifecycle.rules import money
from kundenstamm.lifecycle.rules import percent as whole_percent

LANGUAGES = ("de", "en")

SALUTATION = gettext_noop("Dear Sir or Madam,")
CONFIRMED = gettext_noop(
    "Orders that we have confirmed by then will be delivered as confirmed, and what we have agreed "
    "with you in writing holds as agreed."
)
TALK = gettext_noop("If you have questions, or see another way, please talk to us.")
CLOSING = gettext_noop("Yours faithfully")
THANKS = gettext_noop("Thank you for buying from us.")
# Subject, then what it says, between the salutation and what holds on.
TEXTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    Rung.PRICE: (
        gettext_noop("Our prices from {day} on"),
        (
            THANKS,
            gettext_noop(
                "From {day} on our prices for you will be {change} higher. You will receive the "
                "new price list in good time before that day."
            ),
        ),
    ),
    Rung.MINIMUM_ORDER: (
        gettext_noop("A minimum order from {day} on"),
        (
            THANKS,
            gettext_noop(
                "From {day} on we ask you to order goods for at least {amount} net at a time. "
                "Smaller quantities can be gathered and ordered together; we are glad to help."
            ),
        ),
    ),
    Rung.SERVICE: (
        gettext_noop("How we will look after you from {day} on"),
        (
            THANKS,
            gettext_noop(
                "From {day} on we will arrange our visits and calls anew and come to you less "
                "often. By phone and mail you reach us as before, and your orders are handled as "
                "before."
            ),
        ),
    ),
    Rung.DEALER: (
        gettext_noop("Supply by a dealer from {day} on"),
        (
            THANKS,
            gettext_noop(
                "From {day} on we would like you to receive our goods from a dealer near you, who "
                "has them in stock and advises you on the spot. We are glad to suggest one, and "
                "pass on your details only if you agree."
            ),
        ),
    ),
    Rung.LET_GO: (
        gettext_noop("The end of our business relationship on {day}"),
        (
            gettext_noop("Thank you for the time in which we could work for you."),
            gettext_noop(
                "We have decided to end our business relationship on {day}. Until then you can "
                "order as usual. Your rights from earlier deliveries remain untouched."
            ),
            gettext_noop(
                "If it helps you, we are glad to name other suppliers. For your further business "
                "we wish you every success."
            ),
        ),
    ),
}


def draft(plan: RepairPlan, language: str, on: date) -> str:
    """The letter as it would be sent on a day, without letterhead."""
    of = profile()
    with translation.override(language):
        said = {
            "day": _day(plan.starts_on),
            "change": _percent(float(plan.size)),
            "amount": money(plan.size, of.currency, decimals=0),
        }
        subject, body = TEXTS[plan.rung]
        parts = [
            plan.customer.name,
            _day(on),
            gettext(subject).format(**said),
            gettext(SALUTATION),
            *(gettext(text).format(**said) for text in body),
            gettext(CONFIRMED),
            gettext(TALK),
            gettext(CLOSING),
            of.name,
        ]
        return "\n\n".join(part for part in parts if part)


def letter(plan: RepairPlan, language: str, on: date) -> str:
    """What somebody has written, else the draft."""
    return plan.letter(language) or draft(plan, language, on)


def _day(day: date) -> str:
    return str(formats.date_format(day, "DATE_FORMAT"))


def _percent(share: float) -> str:
    """``3,5 %``; whole ones without a decimal."""
    percent = round(share * 100, 1)
    if percent == round(percent):
        return whole_percent(share)
    text = formats.number_format(percent, decimal_pos=1)
    return f"{text}\u00a0%" if translation.get_language() == "de" else f"{text}%"
