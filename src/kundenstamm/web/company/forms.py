"""Forms of the company's pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import formats
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from kundenstamm.company.models import CompanyProfile
from kundenstamm.ledger.models import ProductCost

CURRENCIES = ("EUR", "CHF", "GBP", "USD", "DKK", "SEK", "NOK", "PLN", "CZK", "HUF")
HUNDRED = Decimal(100)


class PercentField(forms.DecimalField):
    """A share that people write in per cent: 35 for 0.35, with their language's decimal mark."""

    widget = forms.TextInput({"inputmode": "decimal", "size": 6})

    def __init__(self, *, low: int = 0, high: int = 100, **options: Any) -> None:
        super().__init__(max_digits=5, decimal_places=2, localize=True, **options)
        self.validators += [MinValueValidator(Decimal(low)), MaxValueValidator(Decimal(high))]

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        percent = (value * HUNDRED).normalize()
        places = max(-int(percent.as_tuple().exponent), 0)
        return formats.number_format(percent, decimal_pos=places, use_l10n=True)

    def clean(self, value: Any) -> Decimal | None:
        percent = super().clean(value)
        return None if percent is None else percent / HUNDRED


class AmountField(forms.DecimalField):
    """Money that people write in full or with cents; shown with as many digits as say something."""

    widget = forms.TextInput({"inputmode": "decimal"})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        places = max(-int(value.normalize().as_tuple().exponent), 0)
        return formats.number_format(value, decimal_pos=places, use_l10n=True)


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    currency = forms.ChoiceField(label=_("Currency"), choices=[(c, c) for c in CURRENCIES])
    fiscal_year_start = forms.TypedChoiceField(
        label=_("Fiscal year starts in"), choices=list(MONTHS.items()), coerce=int
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=[(z, z) for z in sorted(available_timezones())]
    )
    default_margin = PercentField(
        label=_("Overall margin"),
        help_text=_("Used where neither a unit cost nor a category's margin is known."),
    )
    active_limit = PercentField(label=_("At risk below a probability of"))
    lost_limit = PercentField(label=_("Lost below a probability of"))
    discount_rate = PercentField(
        label=_("Discount rate a year"),
        help_text=_("How much less money is worth that comes a year later."),
    )
    financing_rate = PercentField(
        label=_("Financing rate a year"),
        help_text=_("What money costs us that customers still owe."),
    )
    rebate_limit = PercentField(
        label=_("Rebates together above"),
        help_text=_("What was agreed before counts too, and so does a lower price."),
    )
    class_a_share = PercentField(
        label=_("Class A: the best, together"),
        help_text=_("Of all contribution that is expected of the next twelve months."),
    )
    class_b_share = PercentField(
        label=_("Class B: the next, together"), help_text=_("Everybody else is class C.")
    )
    concession_limit = AmountField(
        label=_("Cost a year above"), max_digits=18, decimal_places=2, min_value=Decimal(0),
        localize=True,
        help_text=_("At what the customer buys today, with all that was signed within a year."),
    )  # fmt: skip

    class Meta:
        model = CompanyProfile
        fields = (
            "name", "offer", "audience", "currency", "fiscal_year_start", "time_zone",
            "default_margin", "regular_occasions", "active_limit", "lost_limit",
            "onboarding_days", "value_years", "discount_rate",
            "financing_rate", "standard_payment_days", "promotion_periods",
            "rebate_limit", "concession_limit", "loss_needs_approval", "approval_days",
            "class_a_share", "class_b_share", "silence_a", "silence_b", "silence_c",
            "silence_least", "silence_wholesaler", "silence_dealer", "silence_agent",
            "silence_end_customer", "survey_question_de", "survey_question_en", "survey_days",
        )  # fmt: skip
        widgets = {"offer": forms.Textarea({"rows": 3}), "audience": forms.Textarea({"rows": 3})}


class CostForm(forms.ModelForm):  # type: ignore[type-arg]
    unit_cost = forms.DecimalField(
        label=_("Unit cost"), max_digits=18, decimal_places=4, min_value=Decimal(0), localize=True,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )  # fmt: skip

    class Meta:
        model = ProductCost
        fields = ("unit_cost", "valid_from")
        widgets = {"valid_from": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}


class MarginsForm(forms.Form):
    """The margin of every category; an empty one is not known."""

    def __init__(self, categories: Any, data: Any = None) -> None:
        super().__init__(data)
        self.categories = list(categories)
        for category in self.categories:
            self.fields[f"margin-{category.pk}"] = PercentField(
                label=category.name, low=-100, required=False, initial=category.margin
            )
