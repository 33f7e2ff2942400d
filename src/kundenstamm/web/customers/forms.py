"""Forms about who serves a customer and who may know of it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.actions import demand_another
from kundenstamm.customers.models import Grant, Representative
from kundenstamm.guard.models import User
from kundenstamm.guard.people import who_could_know

A_DAY = timedelta(days=1)


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)


class RepresentativeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Chosen by code, as in the list's filter: a running number would tell how many there are."""

    def __init__(self, **options: Any) -> None:
        found = Representative.objects.order_by("name", "code")
        super().__init__(found, to_field_name="code", empty_label="–", **options)

    def to_python(self, value: Any) -> Any:
        # No code contains it, and the database cannot be asked for it.
        return super().to_python("?" if "\0" in str(value or "") else value)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.code})" if obj.code != obj.name else str(obj.name)


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def __init__(self, **options: Any) -> None:
        super().__init__(who_could_know(), empty_label="–", **options)

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name} · {obj.get_role_display()}"


class AssignForm(forms.Form):
    representative = RepresentativeField(label=_("Hand over to"))
    starts = DayField(label=_("From this day on"))


class RegionForm(forms.Form):
    """Left empty, the customers are of no region."""

    region = forms.CharField(
        label=_("Region"), max_length=100, required=False,
        widget=forms.TextInput({"list": "regions", "autocomplete": "off"}),
    )  # fmt: skip


class EndForm(forms.Form):
    """Which of the assignments is meant stands beside it: by whom, and since when."""

    representative = forms.CharField(widget=forms.HiddenInput, strip=False)
    starts = forms.DateField(widget=forms.HiddenInput)
    ends = DayField(label=_("Last day"))


class GrantForm(forms.Form):
    person = PersonField(label=_("Person"))
    kind = forms.ChoiceField(label=_("For this person the customer is"), choices=Grant.Kind)
    ends_at = DayField(label=_("Up to and including"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def clean_ends_at(self) -> datetime | None:
        last: date | None = self.cleaned_data["ends_at"]
        return timezone.make_aware(datetime.combine(last + A_DAY, time())) if last else None


class TransferForm(forms.Form):
    """All customers of one representative to another."""

    of = RepresentativeField(label=_("All customers of"))
    to = RepresentativeField(label=_("are served by"))
    starts = DayField(label=_("From this day on"))

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if "of" in told and "to" in told:
            demand_another(told["of"], told["to"])
        return told
