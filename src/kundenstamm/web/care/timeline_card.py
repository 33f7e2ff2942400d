"""The card of the customer's page: a box to record what happened now, and the newest below it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from kundenstamm.care.models import Interaction
from kundenstamm.customers.models import Customer
from kundenstamm.customers.revealing import contacts_of
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.web.care.forms import RecordForm
from kundenstamm.web.care.timeline_rows import Wanted, line

SHOWN = 8
EVERYTHING = Wanted("", (), None)


def care_card(
    actor: User, customer: Customer, sent: forms.Form | None, kind: str = ""
) -> dict[str, Any]:
    """The newest of all departments, and the box; ``kind``: what is about to be recorded."""
    form = None
    if may(actor, Right.RECORD):
        begins: dict[str, Any] = {"day": timezone.localdate()}
        if kind in Interaction.Kind.values:
            begins["kind"] = kind
        again = RecordForm(contacts=contacts_of(actor, customer).standing(), initial=begins)
        # Whoever comes to record begins to write at once.
        again.fields["note"].widget.attrs["autofocus"] = "kind" in begins
        form = sent if isinstance(sent, RecordForm) else again
    return {
        "line": line(actor, customer, EVERYTHING, SHOWN),
        "form": form,
        "open": isinstance(sent, RecordForm),
    }
