"""Forms of proposed terms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kundenstamm.decisions.offers import GRANTED, NIL, WHOLE, Offer
from kundenstamm.terms.models import Agreement, Kind
from kundenstamm.web.company.forms import PercentField
from kundenstamm.web.customers.forms import DayField
from kundenstamm.web.terms.forms import TiersField

A_DAY, A_YEAR = timedelta(days=1), timedelta(days=365)


class WhatIfForm(forms.Form):
    """What would be granted; empty is as today. Only who proposes has to say why."""

    rebate = PercentField(label=_("Rebate"), required=False)
    tiers = TiersField(
        label=_("or tiers"), required=False,
        help_text=_("A line for each: from which amount a year, then how many per cent."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("Granted as"), choices=[(kind.value, kind.label) for kind in GRANTED]
    )
    payment_days = forms.IntegerField(
        label=_("Days to pay"), required=False, min_value=0, max_value=3650
    )
    price = PercentField(label=_("Change of prices"), required=False, low=-99)
    service = PercentField(
        label=_("Service level"), required=False, high=300,
        help_text=_("100: as much work as today."),
    )  # fmt: skip
    volume = PercentField(
        label=_("Expected change of volume"), required=False, low=-100, high=500,
        help_text=_("No limit is passed by hoping for more."),
    )  # fmt: skip
    valid_from = DayField(label=_("From"))
    valid_to = DayField(label=_("Until"), help_text=_("Nothing renews itself."))
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(self, *told: Any, proposing: bool = False, **options: Any) -> None:
        super().__init__(*told, **options)
        self.fields["reason"].required = proposing

    def offer(self, renews: Agreement | None) -> Offer:
        return offer_of(self.cleaned_data, renews)


def offer_of(told: Mapping[str, Any], renews: Agreement | None) -> Offer:
    """An offer from what was entered, or from what a form begins with."""
    service = told.get("service")
    return Offer(
        told["valid_from"], told["valid_to"], told.get("kind") or Kind.REBATE,
        told.get("rebate") or NIL, told.get("tiers") or (), told.get("payment_days"),
        told.get("price") or NIL, WHOLE if service is None else service,
        told.get("volume") or NIL, renews,
        renews.product if renews else None, renews.category if renews else None,
    )  # fmt: skip


def beginning(today: date, renews: Agreement | None) -> dict[str, Any]:
    """What the form begins with: nothing, or the terms that end."""
    first = today + A_DAY
    if renews is not None and renews.valid_to is not None:
        first = max(first, renews.valid_to + A_DAY)
    told: dict[str, Any] = {"valid_from": first, "valid_to": first + A_YEAR - A_DAY,
                            "service": WHOLE}  # fmt: skip
    if renews is None:
        return told
    if renews.kind == Kind.PAYMENT_TERM:
        return told | {"payment_days": renews.payment_days}
    tiers = tuple(tier.pair for tier in renews.tiers.all())
    kind = Kind.REBATE if renews.kind == Kind.TIERED else renews.kind
    return told | {"kind": kind, "rebate": renews.rate, "tiers": tiers}


class DecisionForm(forms.Form):
    reason = forms.CharField(label=_("Reason of the decision"), max_length=300)
