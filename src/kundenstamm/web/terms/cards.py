"""The card of the customer's page: what was agreed, and a form for one more."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Customer
from kundenstamm.guard.masks import sees
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.terms.models import Agreement
from kundenstamm.web.terms import words
from kundenstamm.web.terms.forms import AgreeForm

SHOWN = 20


def terms_card(actor: User, customer: Customer, sent: forms.Form | None) -> dict[str, Any]:
    """Agreements, those that hold first, then the newest; a form for whoever may agree."""
    today = timezone.localdate()
    found = Agreement.objects.visible_to(actor).filter(customer=customer)
    related = found.select_related("product", "category").with_tiers(actor)
    rows = sorted(related.order_by("-valid_from", "pk"), key=lambda each: not _holds(each, today))
    plain, currency = sees(actor, "document.prices"), profile().currency
    again = AgreeForm(initial={"valid_from": today}, auto_id="agree_%s")
    return {
        "rows": [
            {"of": each, "says": words.says(each, currency, plain=plain),
             "holds": _holds(each, today)}
            for each in rows[:SHOWN]
        ],
        "form": (sent if isinstance(sent, AgreeForm) else again)
        if may(actor, Right.TERMS)
        else None,
        "open": isinstance(sent, AgreeForm),
    }  # fmt: skip


def _holds(agreement: Agreement, day: date) -> bool:
    return agreement.valid_from <= day and (agreement.valid_to is None or agreement.valid_to >= day)
