"""Many customers asked how satisfied they are: by mail, each in its contact's language.

A customer's state is one word, so that an act can tell what it left: ``""`` may be asked;
``asked`` was, within the company's days, and has not answered; ``answered``; ``nobody`` is there to
write to, for want of an address or because everybody has objected. Only the first changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kundenstamm.care.survey_actions import Question, ask_by_mail
from kundenstamm.care.survey_queries import asked_of
from kundenstamm.company.queries import profile
from kundenstamm.customers.deeds import Deed
from kundenstamm.customers.models import Contact
from kundenstamm.customers.queries import known_among
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right

FREE, ASKED, ANSWERED, NOBODY = "", "asked", "answered", "nobody"
AT_MOST = 100


def states(actor: User, customers: list[int], at: datetime) -> dict[int, str]:
    """How each of them stands with being asked."""
    since = at - timedelta(days=profile().survey_days)
    unanswered = {"revoked_at__isnull": False, "answered_at__isnull": True}
    asked = asked_of(actor, customers).filter(asked_at__gt=since).exclude(**unanswered)
    last = asked.order_by("asked_at", "pk").values_list("customer_id", "answered_at")
    found = {customer: ANSWERED if answered else ASKED for customer, answered in last}
    reached = writable(actor, customers)
    return {pk: found.get(pk, FREE if pk in reached else NOBODY) for pk in customers}


def writable(actor: User, customers: Iterable[int]) -> dict[int, Contact]:
    """Whom to write to at each: the first who has an address and has not objected."""
    known = Contact.objects.visible_to(actor).standing().filter(customer__in=list(customers))
    found: dict[int, Contact] = {}
    for each in known.filter(objection="").exclude(email="").main_first():
        found.setdefault(each.customer_id, each)
    return found


def _ask(customers: list[int], _told: dict[str, Any], actor: User, at: datetime) -> None:
    if not settings.MAIL_HOST:
        raise ValidationError(_("No mail server is named."))
    reached = writable(actor, customers)
    for each in known_among(actor, customers):
        ask_by_mail(each, Question(contact=reached[each.pk]), actor=actor, at=at)


def _revoke(before: dict[int, str], actor: User, at: datetime) -> None:
    """What was not mailed yet never is; a link that was answers no more."""
    own = asked_of(actor, before).filter(asked_by=actor, by_mail=True)
    own.filter(answered_at=None, revoked_at=None).update(revoked_at=at, token_hash="")


DEED = Deed(
    Right.RECORD, AT_MOST, states,
    after=lambda was, _told: ASKED if was == FREE else was,
    do=_ask, back=_revoke, possible=lambda: bool(settings.MAIL_HOST),
)  # fmt: skip
