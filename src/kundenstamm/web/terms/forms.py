"""Forms of agreements."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from kundenstamm.ledger.models import Product, ProductCategory
from kundenstamm.terms.conditions import Conditions, Tier
from kundenstamm.terms.models import Agreement, Kind
from kundenstamm.web.company.forms import HUNDRED, PercentField
from kundenstamm.web.customers.forms import DayField


class TiersField(forms.CharField):
    """A line for each tier: from which amount, then how many per cent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": 3}), **options)

    def clean(self, value: Any) -> Any:
        lines = [line.split() for line in str(super().clean(value)).splitlines() if line.strip()]
        return tuple(_tier(words) for words in lines)


def _tier(words: list[str]) -> Tier:
    wrong = ValidationError(_("Write a line for each tier: 50000 1.5"))
    if len(words) != 2:
        raise wrong
    field = forms.DecimalField(max_digits=18, decimal_places=4, min_value=0, localize=True)
    try:
        amount, percent = (field.clean(word) for word in words)
    except ValidationError:
        raise wrong from None
    return amount, Decimal(percent) / HUNDRED


class ProductNumberField(forms.CharField):
    """A product by its number: there may be thousands."""

    def clean(self, value: Any) -> Any:
        number = str(super().clean(value)).strip()
        if not number:
            return None
        found = Product.objects.filter(number=number.replace("\0", "")).first()
        if found is None:
            raise ValidationError(_("There is no product of this number."))
        return found


class AgreeForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind)
    rate = PercentField(
        label=_("Rate in per cent"), required=False,
        help_text=_("Of rebates, promotions, bonuses without tiers and cash discounts."),
    )  # fmt: skip
    tiers = TiersField(
        label=_("Tiers"), required=False,
        help_text=_("A line for each: from which amount a year, then how many per cent."),
    )  # fmt: skip
    valid_from = DayField(label=_("From"))
    valid_to = DayField(label=_("Until"), required=False)
    category = forms.ModelChoiceField(
        ProductCategory.objects.order_by("name"), label=_("Only for the category"),
        required=False, to_field_name="name", empty_label="–",
    )  # fmt: skip
    product = ProductNumberField(
        label=_("Only for the product number"), required=False, max_length=200
    )
    free_quantity = forms.DecimalField(
        label=_("Free"), required=False, max_digits=10, decimal_places=2, localize=True
    )
    per_quantity = forms.DecimalField(
        label=_("For every"), required=False, max_digits=10, decimal_places=2, localize=True
    )
    payment_days = forms.IntegerField(
        label=_("Days to pay"), required=False, min_value=0, max_value=3650
    )
    discount_days = forms.IntegerField(
        label=_("Days for a cash discount"), required=False, min_value=0, max_value=3650
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def conditions(self) -> Conditions:
        """As the action takes them."""
        told = dict(self.cleaned_data)
        told.pop("reason")
        return Conditions(**told)

    def clean_category(self) -> Any:
        return self.cleaned_data["category"] or None


def renewing(agreement: Agreement, **options: Any) -> AgreeForm:
    """A form that repeats an agreement's conditions."""
    names = ("kind", "rate", "category", "free_quantity", "per_quantity", "payment_days",
             "discount_days")  # fmt: skip
    told = {name: getattr(agreement, name) for name in names}
    told["category"] = agreement.category.name if agreement.category else None
    told["product"] = agreement.product.number if agreement.product else ""
    told["tiers"] = "\n".join(
        f"{formats.number_format(t.from_amount.normalize(), use_l10n=True)} "
        f"{formats.number_format((t.rate * HUNDRED).normalize(), use_l10n=True)}"
        for t in agreement.tiers.all()
    )
    return AgreeForm(initial=told, **options)


class EndAgreementForm(forms.Form):
    last_day = DayField(label=_("Last day"))


class LinkForm(forms.Form):
    """Which agreement caused an entry; both are named by what the page shows."""

    entry = forms.IntegerField(widget=forms.HiddenInput)
    agreement = forms.ModelChoiceField(Agreement.objects.none(), to_field_name="key")


def field_error(form: forms.Form, refused: ValidationError) -> None:
    """What an action refused, at its field where the form has one."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
