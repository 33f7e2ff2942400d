"""Forms of pools, and of activities with their time equations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kundenstamm.kit.digits import MINUTES, MONEY
from kundenstamm.serving.models import (
    BEGINNING,
    NAMEABLE,
    SERVING,
    ActivityType,
    DerivedFrom,
    Driver,
    Equation,
    Pool,
    PoolMonth,
)
from kundenstamm.web.company.forms import PercentField
from kundenstamm.web.shell.figures import exact
from kundenstamm.worth.activities import PRACTICAL


class AmountField(forms.DecimalField):
    """A number as the reader's language writes it, without noughts at its end."""

    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        super().__init__(localize=True, **options)

    def prepare_value(self, value: Any) -> Any:
        return exact(value).replace("−", "-") if isinstance(value, Decimal) else value


class FiguresForm(forms.Form):
    """A pool's name, and what it costs in one month."""

    name = forms.CharField(label=_("Pool"), max_length=120)
    cost = AmountField(label=_("Cost of the month"), min_value=Decimal(0), **MONEY)
    theoretical_minutes = AmountField(
        label=_("Minutes present"),
        help_text=_("Of all together: people × days × minutes."),
        **MINUTES,
    )
    practical_share = PercentField(
        label=_("Share that is worked"), help_text=_("Without breaks, training, meetings.")
    )

    @classmethod
    def of(cls, pool: Pool | None, figures: PoolMonth | None) -> FiguresForm:
        """Filled with what is entered; without figures a usual share is proposed."""
        names = ("cost", "theoretical_minutes", "practical_share")
        told = {name: getattr(figures, name) for name in names} if figures else {}
        usual = {"name": pool.name if pool else "", "practical_share": PRACTICAL}
        return cls(initial=usual | told)

    def figures(self) -> tuple[Decimal, Decimal, Decimal]:
        told = self.cleaned_data
        return told["cost"], told["theoretical_minutes"], told["practical_share"]


class TypeForm(forms.Form):
    """A kind of work; its drivers stand in rows of their own."""

    code = forms.CharField(label=_("Code"), max_length=60, help_text=_("What files call it."))
    name = forms.CharField(label=_("Activity"), max_length=120)
    pool = forms.ModelChoiceField(Pool.objects.order_by("name"), label=_("Pool that does it"))
    kind = forms.TypedChoiceField(
        label=_("Kind of entry"), coerce=int, choices=[(k.value, k.label) for k in SERVING],
        help_text=_("The level of profit that it lowers."),
    )  # fmt: skip
    derived_from = forms.ChoiceField(
        label=_("Derived from"), choices=DerivedFrom.choices, required=False,
        help_text=_(
            "What is derived from sales lines has the drivers lines, pieces and first (1 for a "
            "customer’s first); what is recorded has first only, and the minutes of its record."
        ),
    )  # fmt: skip
    base_minutes = AmountField(
        label=_("Base minutes"), min_value=Decimal(0),
        help_text=_("What the simplest one takes."), **MINUTES,
    )  # fmt: skip

    valid_from = forms.DateField(
        label=_("The equation is valid from"), required=False,
        help_text=_("Empty: from the beginning. Another day adds an equation to those before it."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, known: ActivityType | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.known = known
        if known is not None:
            del self.fields["code"]

    @classmethod
    def told(cls, known: ActivityType, equation: Equation) -> dict[str, Any]:
        """A type as it is entered, with one of its equations."""
        named = {name: getattr(known, name) for name in ("name", "pool", "kind", "derived_from")}
        since = None if equation.holds_always else equation.valid_from
        return named | {"base_minutes": equation.base_minutes, "valid_from": since}

    def clean_valid_from(self) -> date:
        found: date = self.cleaned_data["valid_from"] or BEGINNING
        return found

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if ActivityType.objects.filter(code=code).exists():
            raise forms.ValidationError(_("There is an activity with this code. Change that one."))
        return code


class DriverForm(forms.Form):
    """One driver, and how much of it the example has. Left empty it is none."""

    name = forms.CharField(
        label=_("Driver"), max_length=60, required=False, validators=[NAMEABLE],
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    minutes = AmountField(label=_("Minutes for each"), required=False, **MINUTES)
    amount = AmountField(
        label=_("In the example"),
        required=False,
        initial=Decimal(1),
        max_digits=9,
        decimal_places=3,
    )

    @property
    def is_blank(self) -> bool:
        return not (self.cleaned_data.get("name") or self.cleaned_data.get("minutes") is not None)

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if "name" not in told or "minutes" not in told or self.is_blank:
            return told
        if not told["name"]:
            self.add_error("name", _("What are these minutes for? Give the driver a name."))
        if told["minutes"] is None:
            self.add_error("minutes", _("How many minutes does each take?"))
        return told

    @classmethod
    def told(cls, driver: Driver) -> dict[str, Any]:
        return {"name": driver.name, "minutes": driver.minutes, "amount": Decimal(1)}
