"""Forms of pursuits: the sheet and its steps, a prospect by name, moving, booking, handing over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kundenstamm.customers.models import Link
from kundenstamm.guard.models import User
from kundenstamm.pursuits.models import LONGEST, Pursuit, State
from kundenstamm.pursuits.rules import LEADS_TO, MOST_STEPS, coming, month_after, needs_reason
from kundenstamm.pursuits.sheets import Sheet, Step
from kundenstamm.serving.models import Pool
from kundenstamm.web.company.forms import AmountField, PercentField
from kundenstamm.web.customers.forms import DayField

MONTHS_AHEAD = 25
SPARE = 2


def amount_field(label: Any, *, required: bool = False, **options: Any) -> AmountField:
    return AmountField(
        label=label, max_digits=14, decimal_places=2, min_value=Decimal(0), localize=True,
        required=required, **options,
    )  # fmt: skip


class SheetForm(forms.Form):
    """What is assumed; ``minutes-…`` for each pool, by its id."""

    turnover = amount_field(gettext_lazy("Turnover a year"), required=True)
    margin = PercentField(
        label=gettext_lazy("Margin before rebates"),
        help_text=gettext_lazy("What the goods leave of our prices."),
    )
    rebate = PercentField(label=gettext_lazy("Rebate asked"), required=False)
    bonus = PercentField(label=gettext_lazy("Bonus asked"), required=False)
    payment_days = forms.IntegerField(
        label=gettext_lazy("Days to pay"), min_value=0, max_value=3650, required=False
    )
    chance = PercentField(label=gettext_lazy("Chance of winning"))
    staying = PercentField(label=gettext_lazy("Still there after a year"), low=1)
    first_month = forms.TypedChoiceField(
        label=gettext_lazy("First deliveries in"), coerce=date.fromisoformat
    )
    ramp = forms.IntegerField(
        label=gettext_lazy("Months until all of it is bought"), min_value=1, max_value=36
    )
    won_by = forms.ChoiceField(label=gettext_lazy("Whose minutes winning takes"), required=False)

    def __init__(
        self, data: Any, sheet: Sheet, pools: Sequence[Pool], today: date, **options: Any
    ) -> None:
        super().__init__(data, initial=_initial(sheet), **options)
        self.pools = {str(pool.pk): pool for pool in pools}
        self.fields["first_month"].choices = months_from(today, sheet.first_month)  # type: ignore[attr-defined]
        chosen = [("", "–"), *((pk, pool.name) for pk, pool in self.pools.items())]
        self.fields["won_by"].choices = chosen  # type: ignore[attr-defined]
        for pk, pool in self.pools.items():
            self.fields[f"minutes-{pk}"] = forms.DecimalField(
                label=pool.name, required=False, min_value=Decimal(0), max_digits=9,
                decimal_places=1, localize=True, widget=forms.TextInput({"inputmode": "decimal"}),
                initial=plain(sheet.minutes.get(pool.pk)),
            )  # fmt: skip

    @property
    def of_pools(self) -> list[forms.BoundField]:
        return [self[f"minutes-{pk}"] for pk in self.pools]

    def sheet(self, steps: Iterable[Step]) -> Sheet:
        """Of what was entered and is readable."""
        told = self.cleaned_data
        minutes = {
            pool.pk: told[f"minutes-{pk}"]
            for pk, pool in self.pools.items()
            if told[f"minutes-{pk}"]
        }
        nil = Decimal(0)
        return Sheet(
            told["turnover"], told["margin"], told["first_month"], told["rebate"] or nil,
            told["bonus"] or nil, told["payment_days"] or 0, told["chance"], told["staying"],
            told["ramp"], minutes, self.pools.get(told["won_by"]), tuple(steps),
        )  # fmt: skip


def _initial(sheet: Sheet) -> dict[str, Any]:
    names = ("margin", "rebate", "bonus", "payment_days", "chance", "staying", "ramp")
    return {name: getattr(sheet, name) for name in names} | {
        "turnover": sheet.turnover or None,
        "first_month": sheet.first_month.isoformat(),
        "won_by": str(sheet.won_by.pk) if sheet.won_by else "",
    }


def plain(minutes: Decimal | None) -> str | None:
    """Without zeros that say nothing."""
    if minutes is None:
        return None
    places = max(-int(minutes.normalize().as_tuple().exponent), 0)
    return str(formats.number_format(minutes, decimal_pos=places))


def months_from(today: date, kept: date | None = None) -> list[tuple[str, str]]:
    """The coming two years, and the one that was chosen before, as choices."""
    first = coming(today)
    found = {month_after(first, at) for at in range(MONTHS_AHEAD)} | ({kept} if kept else set())
    return [(each.isoformat(), formats.date_format(each, "F Y")) for each in sorted(found)]


class StepForm(forms.Form):
    """One row of the plan of winning; without words it is none."""

    what = forms.CharField(label=gettext_lazy("Step"), required=False, max_length=LONGEST)
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), required=False, min_value=0, max_value=100_000
    )
    money = amount_field(gettext_lazy("Money"))

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if not told.get("what") and (told.get("minutes") or told.get("money")):
            self.add_error("what", _("Say what is to be done."))
        return told

    def step(self) -> Step | None:
        told = self.cleaned_data
        if not told.get("what"):
            return None
        return Step(told["what"], told.get("minutes") or 0, told.get("money") or Decimal(0))


class StepsFormSet(BaseFormSet):  # type: ignore[type-arg]
    def steps(self) -> list[Step]:
        return [step for form in self.forms if (step := form.step()) is not None]


_Steps = formset_factory(
    StepForm, formset=StepsFormSet, extra=SPARE, max_num=MOST_STEPS, absolute_max=MOST_STEPS
)


def steps_form(data: Any, sheet: Sheet) -> StepsFormSet:
    """Rows of what is kept, and some to write more."""
    initial = [
        {"what": each.what, "minutes": each.minutes or None, "money": each.money or None}
        for each in sheet.steps
    ]
    return cast(StepsFormSet, _Steps(data, initial=initial, prefix="step"))


class ProspectForm(forms.Form):
    """A prospect by name; whatever else is known makes customers comparable."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    link = forms.ChoiceField(
        label=gettext_lazy("Link of the chain"), choices=[("", "–"), *Link.choices], required=False
    )
    trade = forms.CharField(
        label=gettext_lazy("Trade"), max_length=100, required=False,
        widget=forms.TextInput({"list": "trades", "autocomplete": "off"}),
    )  # fmt: skip
    region = forms.CharField(
        label=gettext_lazy("Region"), max_length=100, required=False,
        widget=forms.TextInput({"list": "regions", "autocomplete": "off"}),
    )  # fmt: skip
    city = forms.CharField(label=gettext_lazy("Place"), max_length=100, required=False)


class MoveForm(forms.Form):
    """To which state; why, where that is needed."""

    to = forms.ChoiceField(label=gettext_lazy("Move to"))
    because = forms.CharField(label=gettext_lazy("Why"), max_length=LONGEST, required=False)

    def __init__(self, pursuit: Pursuit, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        ways = LEADS_TO[State(pursuit.state)]
        self.ways = ways
        self.asks = [to for to in ways if needs_reason(pursuit.state, to, pursuit.verdict)]
        self.fields["to"].choices = [(str(to.value), to.label) for to in ways]  # type: ignore[attr-defined]

    @property
    def leads_to(self) -> str:
        return " ".join(self.ways)

    @property
    def asks_why(self) -> str:
        return " ".join(self.asks)


class BookForm(forms.Form):
    day = DayField(label=gettext_lazy("Day"))
    what = forms.CharField(label=gettext_lazy("What for"), max_length=LONGEST, required=False)
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), required=False, min_value=0, max_value=100_000
    )
    money = amount_field(gettext_lazy("Money"))


class HandOverForm(forms.Form):
    to = forms.ChoiceField(label=gettext_lazy("Hand over to"))

    def __init__(self, people: Iterable[User], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(each.pk): each for each in people}
        self.fields["to"].choices = [(pk, each.name) for pk, each in self.people.items()]  # type: ignore[attr-defined]

    def chosen(self) -> User:
        return self.people[self.cleaned_data["to"]]
