"""Forms of the chain: which chains are wanted, what is assumed, which link begins or ends."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kundenstamm.chain.queries import Wanted
from kundenstamm.chain.what_if import Assumed
from kundenstamm.customers.models import ChainLink, Customer, Link
from kundenstamm.web.company.forms import AmountField, PercentField
from kundenstamm.web.customers.forms import DayField

ABOVE, BELOW = "above", "below"


class WantedForm(forms.Form):
    q = forms.CharField(label=_("Name"), max_length=100, required=False)
    link = forms.ChoiceField(
        label=_("Link of the chain"), choices=[("", _("All")), *Link.choices], required=False
    )
    conflicts = forms.BooleanField(label=_("Only with conflicts"), required=False)

    def wanted(self) -> Wanted:
        """What cannot be read is not asked for."""
        told = self.cleaned_data if self.is_valid() else {}
        return Wanted(told.get("link", ""), told.get("q", ""), bool(told.get("conflicts")))


class WhatIfForm(forms.Form):
    """Empty is as we suppose it."""

    along = PercentField(label=_("Chance that one comes along to us"), required=False)
    serving = AmountField(
        label=_("Cost to serve one end customer a year"), required=False, max_digits=12,
        decimal_places=2, min_value=Decimal(0), localize=True,
        help_text=_("Empty: the median of the end customers whom you know and we invoice."),
    )  # fmt: skip

    def assumed(self) -> Assumed:
        told = self.cleaned_data if self.is_valid() else {}
        along, serving = told.get("along"), told.get("serving")
        return Assumed(
            Assumed.comes_along if along is None else float(along),
            None if serving is None else float(serving),
        )


class LinkForm(forms.Form):
    """The other end goes by its number: no list tells who there is."""

    side = forms.ChoiceField(
        label=_("This customer"),
        choices=[(ABOVE, _("is supplied by")), (BELOW, _("supplies"))],
    )
    number = forms.CharField(label=_("Customer number"), max_length=60)
    valid_from = DayField(label=_("From"))


class EndLinkForm(forms.Form):
    """Which of the links is meant: by its other end."""

    link = forms.ChoiceField(label=_("Which link"))
    valid_to = DayField(label=_("Last day"))

    def __init__(
        self, customer: Customer, links: list[ChainLink], *told: Any, **options: Any
    ) -> None:
        super().__init__(*told, **options)
        self.links = {_name(each, customer): each for each in links}
        self.fields["link"].choices = [  # type: ignore[attr-defined]
            (name, f"{each.upstream.name} → {each.downstream.name}")
            for name, each in self.links.items()
        ]

    def chosen(self) -> ChainLink:
        return self.links[self.cleaned_data["link"]]


def _name(each: ChainLink, customer: Customer) -> str:
    if each.downstream_id == customer.pk:
        return f"{ABOVE} {each.upstream.key}"
    return f"{BELOW} {each.downstream.key}"
