"""Forms of scenarios: what is taken, who is further won, which hands are added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, cast

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kundenstamm.pursuits.models import LONGEST, Pursuit
from kundenstamm.pursuits.scenarios import (
    CLASSES,
    MOST_CUSTOMERS,
    MOST_ROWS,
    Choice,
    Further,
    Hired,
    Scene,
)
from kundenstamm.serving.models import Pool
from kundenstamm.web.company.forms import PercentField
from kundenstamm.web.pursuits.forms import amount_field, months_from, plain
from kundenstamm.web.pursuits.how_many_views import minutes_field

T = TypeVar("T")
TYPED = "typed"
SPARE = 1
NIL = Decimal(0)


@dataclass(frozen=True)
class Row:
    """A pursuit with its fields."""

    of: Pursuit
    take: forms.BoundField
    month: forms.BoundField
    more: forms.BoundField
    more_month: forms.BoundField


class ScenarioForm(forms.Form):
    """Name and note; ``take-…``, ``month-…``, ``more-…`` and ``since-…`` for each pursuit."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=LONGEST, required=False,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip

    def __init__(
        self, data: Any, scene: Scene, pursuits: Sequence[Pursuit], today: date, **options: Any
    ) -> None:
        said = {each.pursuit.pk: each for each in scene.choices}
        super().__init__(data, initial={"name": scene.name, "note": scene.note}, **options)
        self.pursuits = list(pursuits)
        for each in pursuits:
            self._add(each, said.get(each.pk, Choice(each)), today)

    def _add(self, pursuit: Pursuit, said: Choice, today: date) -> None:
        of, name = pursuit.key.hex, pursuit.customer.name
        months = months_from(today, said.month)
        take = {None: "", True: "yes", False: "no"}[said.taken]
        choices = [("", _("as planned")), ("yes", _("taken")), ("no", _("not taken"))]
        self.fields[f"take-{of}"] = forms.ChoiceField(
            label=_("Taken"), choices=choices, required=False, initial=take
        )
        self.fields[f"month-{of}"] = forms.ChoiceField(
            label=_("From month"), choices=[("", _("as in its sheet")), *months], required=False,
            initial=said.month.isoformat() if said.month else "",
        )  # fmt: skip
        self.fields[f"more-{of}"] = forms.IntegerField(
            label=_("More like it"), min_value=0, max_value=MOST_CUSTOMERS, required=False,
            initial=said.more or None,
        )  # fmt: skip
        since = months_from(today, said.more_month)
        self.fields[f"since-{of}"] = forms.ChoiceField(
            label=_("these from"), choices=since, required=False,
            initial=said.more_month.isoformat() if said.more_month else since[0][0],
        )  # fmt: skip
        for start in ("take", "month", "more", "since"):
            field = self.fields[f"{start}-{of}"]
            field.widget.attrs["aria-label"] = f"{name}: {field.label}"

    @property
    def rows(self) -> list[Row]:
        return [
            Row(each, *(self[f"{start}-{each.key.hex}"] for start in
                        ("take", "month", "more", "since")))
            for each in self.pursuits
        ]  # fmt: skip

    def choices(self) -> tuple[Choice, ...]:
        return tuple(self._choice(each) for each in self.pursuits)

    def _choice(self, pursuit: Pursuit) -> Choice:
        told, of = self.cleaned_data, pursuit.key.hex
        more = told[f"more-{of}"] or 0
        return Choice(
            pursuit,
            {"": None, "yes": True, "no": False}[told[f"take-{of}"]],
            _day(told[f"month-{of}"]),
            more,
            _day(told[f"since-{of}"]) if more else None,
        )


def _day(told: str) -> date | None:
    return date.fromisoformat(told) if told else None


class FurtherForm(forms.Form):
    """Customers of a kind; an empty number is none."""

    number = forms.IntegerField(
        label=gettext_lazy("Customers"), min_value=1, max_value=MOST_CUSTOMERS, required=False
    )
    kind = forms.ChoiceField(label=gettext_lazy("like"))
    month = forms.TypedChoiceField(label=gettext_lazy("starting in"), coerce=date.fromisoformat)
    winning = amount_field(gettext_lazy("Cost of winning each"))
    turnover = amount_field(gettext_lazy("Turnover a year, each"))
    margin = PercentField(label=gettext_lazy("Margin"), required=False)

    def __init__(self, *args: Any, pools: Sequence[Pool], today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        classes = [(of, _("Class %(of)s, on average") % {"of": of}) for of in CLASSES]
        self.fields["kind"].choices = [*classes, (TYPED, _("as typed here"))]  # type: ignore[attr-defined]
        self.fields["month"].choices = months_from(today, self.initial.get("month"))  # type: ignore[attr-defined]
        self.pools = {str(pool.pk): pool for pool in pools}
        for pk, pool in self.pools.items():
            self.fields[f"minutes-{pk}"] = minutes_field(pool.name)

    @property
    def of_pools(self) -> list[forms.BoundField]:
        return [self[f"minutes-{pk}"] for pk in self.pools]

    @property
    def is_typed(self) -> bool:
        return bool(self["kind"].value() == TYPED)

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if told.get("number") and told.get("kind") == TYPED and not told.get("turnover"):
            self.add_error("turnover", _("Say how much one buys a year."))
        said = [told.get(name) for name in ("turnover", "margin", "winning")]
        said += [told.get(f"minutes-{pk}") for pk in self.pools]
        if any(said) and not told.get("number") and "number" not in self.errors:
            self.add_error("number", _("Say how many customers."))
        return told

    def further(self) -> Further | None:
        told = self.cleaned_data
        if not told.get("number"):
            return None
        if told["kind"] != TYPED:
            return Further(
                told["number"], told["month"], told["kind"], winning=told["winning"] or NIL
            )
        minutes = {
            pool.pk: told[f"minutes-{pk}"]
            for pk, pool in self.pools.items()
            if told[f"minutes-{pk}"]
        }
        return Further(
            told["number"], told["month"], "", told["turnover"], told["margin"] or NIL,
            told["winning"] or NIL, minutes,
        )  # fmt: skip


class HiredForm(forms.Form):
    """More hands; without minutes there are none."""

    pool = forms.ChoiceField(label=gettext_lazy("Pool"))
    minutes = minutes_field(gettext_lazy("Minutes more a month"))  # type: ignore[arg-type]
    month = forms.TypedChoiceField(label=gettext_lazy("starting in"), coerce=date.fromisoformat)
    cost = amount_field(gettext_lazy("Cost a month"))

    def __init__(self, *args: Any, pools: Sequence[Pool], today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.pools = {str(pool.pk): pool for pool in pools}
        self.fields["pool"].choices = [(pk, pool.name) for pk, pool in self.pools.items()]  # type: ignore[attr-defined]
        months = months_from(today, self.initial.get("month"))
        self.fields["month"].choices = months  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if told.get("cost") and not told.get("minutes") and "minutes" not in self.errors:
            self.add_error("minutes", _("Say how many minutes a month are added."))
        return told

    def hired(self) -> Hired | None:
        told = self.cleaned_data
        if not told.get("minutes"):
            return None
        pool = self.pools[told["pool"]]
        return Hired(pool, told["month"], told["minutes"], told["cost"] or NIL)


_Further = formset_factory(
    FurtherForm, extra=SPARE, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
)
_Hired = formset_factory(
    HiredForm, extra=SPARE, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
)


@dataclass(frozen=True)
class Forms:
    """All of a scenario's page."""

    scenario: ScenarioForm
    further: BaseFormSet  # type: ignore[type-arg]
    hired: BaseFormSet  # type: ignore[type-arg]

    def is_valid(self) -> bool:
        found = [self.scenario.is_valid(), self.further.is_valid(), self.hired.is_valid()]
        return all(found)

    def scene(self) -> Scene:
        told = self.scenario.cleaned_data
        further = (cast(FurtherForm, form).further() for form in self.further)
        hired = (cast(HiredForm, form).hired() for form in self.hired)
        return Scene(
            told["name"], told["note"], self.scenario.choices(), _those(further), _those(hired)
        )


def _those(found: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(each for each in found if each is not None)


def forms_of(
    data: Any, scene: Scene, pursuits: Sequence[Pursuit], pools: Sequence[Pool], today: date
) -> Forms:
    shared: dict[str, Any] = {"form_kwargs": {"pools": pools, "today": today}}
    return Forms(
        ScenarioForm(data, scene, pursuits, today, auto_id="scenario_%s"),
        _Further(data, initial=[_of(each) for each in scene.further], prefix="further", **shared),
        _Hired(
            data, prefix="hired", **shared,
            initial=[
                {"pool": str(each.pool.pk), "minutes": plain(each.minutes), "month": each.month,
                 "cost": each.cost or None}
                for each in scene.hired
            ],
        ),
    )  # fmt: skip


def _of(each: Further) -> dict[str, Any]:
    return {
        "number": each.number, "kind": each.value_class or TYPED, "month": each.month,
        "winning": each.winning or None, "turnover": each.turnover or None,
        "margin": each.margin or None,
    } | {f"minutes-{pool}": plain(minutes) for pool, minutes in each.minutes.items()}  # fmt: skip
