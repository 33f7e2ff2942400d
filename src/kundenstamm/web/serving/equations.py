"""A time equation in a form: the kind of work, its drivers row by row, an example worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kundenstamm.serving.example import Example, NoExample, worked_example
from kundenstamm.serving.models import ActivityType, Equation
from kundenstamm.web.serving.forms import DriverForm, TypeForm
from kundenstamm.web.serving.months import this_month
from kundenstamm.web.shell.figures import exact
from kundenstamm.worth.activities import TimeEquation

MOST_ROWS = 40
ROW_FIELDS = ("name", "minutes", "amount")
HEAD_FIELDS = ("code", "name", "pool", "kind", "derived_from", "base_minutes", "valid_from")


@dataclass
class EquationForm:
    """The form of one activity type. ``rows``: one form per driver, numbered by its prefix."""

    head: TypeForm
    rows: list[DriverForm]

    @classmethod
    def new(cls, pool: str = "") -> EquationForm:
        """With a blank driver to begin with."""
        return cls(TypeForm(initial={"pool": pool}), _drawn([{}]))

    @classmethod
    def of(cls, known: ActivityType, equation: Equation) -> EquationForm:
        """As it is entered."""
        drivers = [DriverForm.told(each) for each in equation.drivers.order_by("pk")]
        head = TypeForm(initial=TypeForm.told(known, equation), known=known)
        return cls(head, _drawn(drivers or [{}]))

    @classmethod
    def sent(cls, data: Mapping[str, str], known: ActivityType | None) -> EquationForm:
        """To be checked."""
        rows = [DriverForm(data, prefix=f"driver-{n}") for n in range(_count(data))]
        return cls(TypeForm(data, known=known), rows)

    @classmethod
    def redrawn(cls, data: Mapping[str, str], known: ActivityType | None, do: str) -> EquationForm:
        """As typed so far, with a row more (``add``) or without one (``remove-2``)."""
        rows = [
            {name: data.get(f"driver-{n}-{name}", "") for name in ROW_FIELDS}
            for n in range(_count(data))
            if do != f"remove-{n}"
        ]
        if do == "add" and len(rows) < MOST_ROWS:
            rows.append({})
        head = TypeForm(initial={name: data.get(name, "") for name in HEAD_FIELDS}, known=known)
        return cls(head, _drawn(rows))

    def is_valid(self) -> bool:
        """All of it; a driver that stands twice is told at its second row."""
        valid = [self.head.is_valid(), *(row.is_valid() for row in self.rows)]
        seen: set[str] = set()
        for row in self.rows:
            name = row.cleaned_data.get("name")
            if name and name in seen:
                row.add_error("name", _("This driver stands above already."))
            seen.add(name or "")
        return all(valid) and not any(row.errors for row in self.rows)

    def drivers(self) -> dict[str, Decimal]:
        """Of a valid form."""
        told = [row.cleaned_data for row in self.rows if not row.is_blank]
        return {each["name"]: each["minutes"] for each in told}


def example_of(data: Mapping[str, str]) -> dict[str, Any]:
    """What the form's example comes to; while somebody types, what is missing yet, politely."""
    form = EquationForm.sent(data, None)
    form.is_valid()
    told = _parts(form)
    if told["doubts"]:
        return told
    amounts = {name: amount for name, _minutes, amount in told["terms"]}
    rule = TimeEquation(told["base"], {name: minutes for name, minutes, _amount in told["terms"]})
    try:
        found = worked_example(rule, amounts, form.head.cleaned_data.get("pool"), this_month())
    except NoExample as refused:
        return told | {"doubts": [str(refused)]}
    return told | {"example": found, "sum": _sum(told, found)}


def _parts(form: EquationForm) -> dict[str, Any]:
    """Base, terms, and what stands against computing: other fields do not matter here."""
    doubts = [f"{_('Base minutes')}: {said}" for said in form.head.errors.get("base_minutes", [])]
    terms = []
    for number, row in enumerate(form.rows, start=1):
        for each in row.errors.values():
            doubts += [_("Driver %(n)s: %(said)s") % {"n": number, "said": said} for said in each]
        if not row.errors and not row.is_blank:
            cleaned = row.cleaned_data
            terms.append((cleaned["name"], cleaned["minutes"], cleaned["amount"] or Decimal(0)))
    base = form.head.cleaned_data.get("base_minutes")
    return {"base": base, "terms": terms, "doubts": doubts}


def _sum(told: dict[str, Any], found: Example) -> str:
    """``4 + 3 × 1,2 (lines) = 7,6``; numbers as the reader's language writes them."""
    terms = [
        f"{exact(amount)} × {exact(minutes)} ({name})" for name, minutes, amount in told["terms"]
    ]
    return f"{' + '.join([exact(told['base']), *terms])} = {exact(found.minutes)}"


def _drawn(rows: list[dict[str, Any]]) -> list[DriverForm]:
    return [DriverForm(initial=row or None, prefix=f"driver-{n}") for n, row in enumerate(rows)]


def _count(data: Mapping[str, str]) -> int:
    """How many rows were sent; whatever somebody else wrote there, never more than are drawn."""
    text = data.get("rows", "")
    return min(int(text), MOST_ROWS) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
