"""The card of the customer's page: who holds the customer, and what is said against the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.relations import queries
from kundenstamm.relations.correcting import may_take_back
from kundenstamm.relations.models import Colleague, Correction
from kundenstamm.relations.queries.holding import Holding
from kundenstamm.web.care.words import opened, reads
from kundenstamm.web.relations.forms import CorrectForm

# Of so many days a month is made in a sentence.
A_MONTH = 365 / 12


@dataclass(frozen=True)
class Said:
    """A correction with its reason, if the reader may read it."""

    of: Correction
    because: str
    may_take_back: bool


def holding_card(actor: User, customer: Customer, sent: forms.Form | None = None) -> dict[str, Any]:
    found, plain = queries.holding(actor, customer), reads(actor)
    form = None
    if may(actor, Right.RECORD):
        form = sent if isinstance(sent, CorrectForm) else CorrectForm(colleagues=colleagues())
    return {
        "of": found,
        "says": sentence(found, timezone.localdate()),
        "said": [
            Said(each, opened(each, "because", plain=plain), may_take_back(actor, each))
            for each in queries.corrections_of(actor, customer)
        ],
        "form": form,
    }


def colleagues() -> Any:
    """Who can be spoken of: those who are here first."""
    return Colleague.objects.order_by("-here", "name", "pk")


def sentence(found: Holding, today: date) -> str:
    """``Held by Anna; nobody else has spoken with them for 14 months.``"""
    if found.holder is None:
        return _("Nobody who works here has spoken with this customer.")
    who = {"who": found.holder.colleague.name}
    if found.others_spoke is None:
        return _("Held by %(who)s; nobody else who works here has ever spoken with them.") % who
    days = (today - found.others_spoke).days
    if days < 2 * A_MONTH:
        return _("Held by %(who)s; others speak with them, too.") % who
    months = int(days / A_MONTH)
    said = ngettext(
        "Held by %(who)s; nobody else has spoken with them for %(months)s month.",
        "Held by %(who)s; nobody else has spoken with them for %(months)s months.",
        months,
    )
    return said % (who | {"months": months})
