"""Forms of departures."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.models import Representative
from kundenstamm.departures.models import LONGEST, Departure, KnowledgeSheet
from kundenstamm.departures.rooms import WEEKS
from kundenstamm.departures.sheets import PARTS
from kundenstamm.guard.models import Role, User
from kundenstamm.guard.people import who_records
from kundenstamm.web.customers.forms import DayField

# All minutes of a week.
MOST_A_WEEK = 7 * 24 * 60


# Django's own class takes no type argument when the program runs; of what kind a field is that goes
# by its name, the stubs do not know.
class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name} · {obj.get_role_display()}"


class FearForm(forms.Form):
    """Whose departure is to be prepared: of whom the actor leads."""

    person = PersonField(queryset=User.objects.none(), label=_("Who"))
    because = forms.CharField(
        label=_("Why you think so"), max_length=LONGEST, required=False,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip

    def __init__(self, actor: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        found = User.objects.filter(is_active=True).exclude(pk=actor.pk).order_by("name", "pk")
        if actor.role != Role.OWNER:
            found = found.filter(teams__in=actor.teams.all()).distinct()
        going = Departure.objects.visible_to(actor).running().values("person")
        self.fields["person"].queryset = found.exclude(pk__in=going)  # type: ignore[attr-defined]


class NoticeForm(forms.Form):
    """The last day, and the hour at which all rights end."""

    day = DayField(label=_("Last day"))
    hour = forms.TimeField(
        label=_("Rights end at"), initial=time(18), widget=forms.TimeInput({"type": "time"})
    )

    def moment(self) -> datetime:
        told = self.cleaned_data
        return timezone.make_aware(datetime.combine(told["day"], told["hour"]))


class AbsenceForm(forms.Form):
    """Who of those whom the actor leads is away, from when until when, and who stands in."""

    person = PersonField(queryset=User.objects.none(), label=_("Who is away"))
    starts = DayField(label=_("First day"))
    ends = DayField(label=_("Last day"))
    deputy = PersonField(queryset=User.objects.none(), label=_("Who stands in"))

    def __init__(self, actor: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        found = User.objects.filter(is_active=True).order_by("name", "pk")
        if actor.role != Role.OWNER:
            found = found.filter(teams__in=actor.teams.all()).distinct()
        self.fields["person"].queryset = found  # type: ignore[attr-defined]
        self.fields["deputy"].queryset = who_records()  # type: ignore[attr-defined]


class RoomsForm(forms.Form):
    """Minutes a week that each colleague has for more customers; an empty one: as it is known.

    What stands there unchanged stays as exact as it was.
    """

    def __init__(self, departure: Departure, data: Any = None) -> None:
        super().__init__(data)
        self._held = {pk: float(minutes) for pk, minutes in departure.rooms.items()}
        names = Representative.objects.filter(pk__in=[int(pk) for pk in self._held])
        for each in names.order_by("name", "pk"):
            self.fields[f"room-{each.pk}"] = forms.IntegerField(
                label=each.name, min_value=0, max_value=MOST_A_WEEK, required=False,
                initial=_a_week(self._held[str(each.pk)]),
            )  # fmt: skip

    def rooms(self) -> dict[str, float]:
        """Minutes a year by the id of the representative, where one is named."""
        told = {name.removeprefix("room-"): value for name, value in self.cleaned_data.items()}
        return {
            pk: self._held[pk] if value == _a_week(self._held[pk]) else float(value * WEEKS)
            for pk, value in told.items()
            if value is not None
        }


def _a_week(minutes_a_year: float) -> int:
    return round(minutes_a_year / WEEKS)


class DeputyForm(forms.Form):
    deputy = PersonField(
        queryset=User.objects.none(), label=_("Deputy"), required=False, empty_label="–"
    )

    def __init__(self, departure: Departure, data: Any = None) -> None:
        super().__init__(data, initial={"deputy": departure.deputy_id})
        found = who_records().exclude(pk=departure.person_id)
        self.fields["deputy"].queryset = found  # type: ignore[attr-defined]


class SheetForm(forms.Form):
    """One box for each part of a sheet."""

    def __init__(self, sheet: KnowledgeSheet, data: Any = None) -> None:
        super().__init__(data, initial={name: sheet.open(name) for name in PARTS})
        for name in PARTS:
            label = KnowledgeSheet._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            self.fields[name] = forms.CharField(
                label=label, max_length=LONGEST, required=False,
                widget=forms.Textarea({"rows": 3}),
            )  # fmt: skip
