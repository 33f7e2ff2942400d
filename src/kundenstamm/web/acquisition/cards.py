"""The card of the customer's page: how it came to us, asked once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from kundenstamm.acquisition import queries, rules
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.web.acquisition.forms import OriginForm, ThankForm, TouchForm


def coming_card(actor: User, customer: Customer, sent: forms.Form | None) -> dict[str, Any]:
    """What is known, and forms for what is not."""
    found, records = queries.coming(actor, customer), may(actor, Right.RECORD)
    there = queries.channels() if records else []
    today = timezone.localdate()
    received = found.received
    sent_by = queries.sent_by(actor, customer)
    thankable = records and received is not None and received.thanked_on is None
    return {
        "found": found,
        "late": received is not None
        and rules.thanks_overdue(received.day, received.thanked_on, today),
        "origin": _again(sent, OriginForm, OriginForm(actor, there=there, auto_id="origin_%s"))
        if records and found.origin is None
        else None,
        "touch": _again(
            sent, TouchForm,
            TouchForm(there=there, initial={"day": today}, auto_id="touch_%s"),
        ) if records else None,
        "thank": _again(sent, ThankForm, ThankForm(auto_id="thank_%s")) if thankable else None,
        "again": may(actor, Right.MARKETING) and found.origin is not None,
        "sent": sent_by,
        # Others who are named on the card.
        "shown": {each.customer_id for each in sent_by}
        | ({found.sender.pk} if found.sender else set()),
    }  # fmt: skip


def _again(sent: forms.Form | None, kind: type[forms.Form], fresh: forms.Form) -> forms.Form:
    return sent if isinstance(sent, kind) else fresh
