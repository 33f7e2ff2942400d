"""Forms of joining: for whom and how many customers, and how they are taken over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.customers.queries import regions
from kundenstamm.departures.joining.proposing import MOST, Asked, newcomers
from kundenstamm.departures.joining.taking_over import MOST_A_WEEK, Plan
from kundenstamm.guard.models import User
from kundenstamm.web.customers.forms import DayField
from kundenstamm.web.departures.forms import PersonField

SHOWN = 100


class AskForm(forms.Form):
    """For whom, how many, of whom, and where the newcomer is at home."""

    who = PersonField(queryset=User.objects.none(), label=_("New colleague"), empty_label="–")
    customers = forms.IntegerField(
        label=_("So many customers at most"), min_value=1, max_value=MOST, initial=20
    )
    trade = forms.ChoiceField(label=_("Knows this trade"), required=False)
    region = forms.ChoiceField(label=_("Is at home in this region"), required=False)
    of = forms.MultipleChoiceField(
        label=_("Only from these colleagues"),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "sr"}),
    )

    def __init__(self, actor: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # By code: a running number would tell how many there are.
        self._serving = {each.code: each for each in _serving(actor)}
        # The stubs do not know of what kind a field is that goes by its name.
        self.fields["who"].queryset = newcomers(actor)  # type: ignore[attr-defined]
        offered = {
            "of": [(code, each.name) for code, each in self._serving.items()],
            "trade": [("", "–"), *((each, each) for each in _trades(actor))],
            "region": [("", "–"), *((each, each) for each in regions(actor))],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        told = self.cleaned_data
        return Asked(
            told["who"], told["customers"],
            frozenset(self._serving[code].pk for code in told["of"]), told["trade"],
            told["region"],
        )  # fmt: skip


class PlanForm(forms.Form):
    """From which day on, and how the first contacts are spread."""

    starts = DayField(label=_("From this day on"))
    weekly = forms.IntegerField(
        label=_("First contacts a week, at most"), min_value=1, max_value=MOST_A_WEEK, initial=8
    )
    together = forms.IntegerField(
        label=_("So many of the most valuable together with who holds them"), min_value=0,
        max_value=MOST, initial=15,
    )  # fmt: skip
    also = forms.CharField(
        label=_("Further customers, by their numbers"), max_length=2_000, required=False
    )

    def plan(self) -> Plan:
        told = self.cleaned_data
        return Plan(told["starts"], told["weekly"], told["together"])

    def numbers(self) -> list[str]:
        """As they were typed, divided by commas or spaces."""
        return str(self.cleaned_data["also"]).replace(",", " ").replace(";", " ").split()


def _serving(actor: User) -> list[Representative]:
    """Whoever serves a customer that the actor knows."""
    lasting = Assignment.objects.visible_to(actor).filter(ends=None)
    found = Representative.objects.filter(pk__in=lasting.values("representative"))
    return list(found.order_by("name", "code"))


def _trades(actor: User) -> list[str]:
    found = Customer.objects.visible_to(actor).exclude(trade="").order_by("trade")
    return list(found.values_list("trade", flat=True).distinct()[:SHOWN])
