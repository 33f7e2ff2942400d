"""Forms of the company's pages."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from kundenstamm.company.models import CompanyProfile
from kundenstamm.ledger.models import ProductCost

CURRENCIES = ("EUR", "CHF", "GBP", "USD", "DKK", "SEK", "NOK", "PLN", "CZK", "HUF")


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    currency = forms.ChoiceField(label=_("Currency"), choices=[(c, c) for c in CURRENCIES])
    fiscal_year_start = forms.TypedChoiceField(
        label=_("Fiscal year starts in"), choices=list(MONTHS.items()), coerce=int
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=[(z, z) for z in sorted(available_timezones())]
    )

    class Meta:
        model = CompanyProfile
        fields = (
            "name", "offer", "audience", "currency", "fiscal_year_start", "time_zone",
            "default_margin", "regular_occasions", "active_limit", "lost_limit",
            "onboarding_days",
        )  # fmt: skip
        widgets = {"offer": forms.Textarea({"rows": 3}), "audience": forms.Textarea({"rows": 3})}


class CostForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ProductCost
        fields = ("unit_cost", "valid_from")
        widgets = {"valid_from": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}


class MarginForm(forms.Form):
    margin = forms.DecimalField(
        min_value=-100, max_value=100, decimal_places=2, max_digits=5, required=False
    )
