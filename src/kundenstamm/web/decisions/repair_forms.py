"""Forms of the repair ladder: what is assumed, which rung is chosen, why a plan ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kundenstamm.decisions.models import Rung
from kundenstamm.decisions.repairing import Assumed
from kundenstamm.web.company.forms import PercentField
from kundenstamm.web.customers.forms import DayField
from kundenstamm.worth.decisions.rungs import Assumptions

# Which assumptions belong to which rung; the rest is about all of them.
OF_RUNG = {
    Rung.PRICE: ("price", "price_risk"),
    Rung.MINIMUM_ORDER: ("minimum_order", "bundled", "minimum_order_risk"),
    Rung.SERVICE: ("service", "service_risk"),
    Rung.DEALER: ("dealer_rebate", "dealer_work", "dealer_risk"),
}
OF_ALL = ("avoidable", "once", "spread")
LOST = _("Chance to lose it")


class AmountField(forms.DecimalField):
    """Money or a plain number, with the language's decimal mark; not negative."""

    def __init__(self, *, most: int = 10**9, **options: Any) -> None:
        super().__init__(
            localize=True, required=False, min_value=0, max_value=most, max_digits=12,
            decimal_places=2, widget=forms.TextInput({"inputmode": "decimal", "size": 8}),
            **options,
        )  # fmt: skip


class AssumptionsForm(forms.Form):
    """What nobody knows; empty is as suggested."""

    price = PercentField(
        label=_("Higher by"), required=False,
        help_text=_("Empty: as much as is missing, at most a tenth."),
    )  # fmt: skip
    price_risk = AmountField(
        label=_("Chance to lose it, per hundredth of price"), most=100,
        help_text=_("2: at prices a twentieth higher, one in ten leaves."),
    )  # fmt: skip
    minimum_order = AmountField(
        label=_("At least per order"), help_text=_("Empty: from where an order pays for itself.")
    )
    bundled = PercentField(label=_("Of small orders still bought, bundled"), required=False)
    minimum_order_risk = PercentField(label=LOST, required=False)
    service = PercentField(label=_("Visits and support left"), required=False)
    service_risk = PercentField(label=LOST, required=False)
    dealer_rebate = PercentField(label=_("Dealer's rebate"), required=False)
    dealer_work = PercentField(label=_("Work on orders left to us"), required=False)
    dealer_risk = PercentField(label=LOST, required=False)
    avoidable = PercentField(
        label=_("Of the work, avoidable"), required=False,
        help_text=_(
            "Empty: by how full the pools are, half where that is unknown. 0: the time would stand "
            "idle."
        ),
    )  # fmt: skip
    once = AmountField(
        label=_("Cost to serve paid once"),
        help_text=_("What of these 12 months will not come again."),
    )
    spread = PercentField(label=_("May buy more or less by"), required=False)

    def assumed(self) -> Assumed:
        return assumed_of(self.cleaned_data)


class ChoiceForm(AssumptionsForm):
    """A rung under these assumptions, from when on, and why."""

    rung = forms.ChoiceField(label=_("Rung"), choices=Rung.choices)
    starts_on = DayField(
        label=_("Takes effect on"), help_text=_("Leave time for notice that was agreed.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)


class LetterForm(forms.Form):
    text = forms.CharField(
        label=_("Letter"), required=False, max_length=8000, strip=False,
        widget=forms.Textarea({"rows": 22}), help_text=_("Saved empty, it is the draft again."),
    )  # fmt: skip


class PlanEndForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class PartForm(forms.Form):
    last_day = DayField(label=_("Ended by us on"))


def assumed_of(told: Mapping[str, Any]) -> Assumed:
    """What was entered, with what is suggested where nothing was."""
    own = {field.name: told.get(field.name) for field in fields(Assumptions)}
    given = {name: float(value) for name, value in own.items() if value is not None}
    avoidable, spread = told.get("avoidable"), told.get("spread")
    return Assumed(
        Assumptions(**given),
        None if avoidable is None else float(avoidable),
        float(told.get("once") or 0),
        0.2 if spread is None else float(spread),
    )


def suggested() -> dict[str, Any]:
    """What the form begins with."""
    usual = Assumed(Assumptions())
    told = {field.name: getattr(usual.answers, field.name) for field in fields(Assumptions)}
    told |= {"avoidable": usual.avoidable, "spread": usual.spread}
    return {name: Decimal(str(value)) for name, value in told.items() if value is not None}
