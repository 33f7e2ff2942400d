"""Forms of interactions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kundenstamm.care import rules
from kundenstamm.care.actions import LONGEST_REASON, Happening
from kundenstamm.care.models import Interaction
from kundenstamm.customers.contacts import Contact, Objection
from kundenstamm.web.care.attachments import files_field
from kundenstamm.web.customers.forms import DayField


class ContactField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A customer's contact by its public key."""

    def __init__(self, **options: Any) -> None:
        options |= {"to_field_name": "key", "required": False, "empty_label": "–"}
        super().__init__(Contact.objects.none(), **options)

    def label_from_instance(self, obj: Any) -> str:
        forbidden = obj.get_objection_display() if obj.objection == Objection.ALL else ""
        return " – ".join(each for each in (str(obj.name) or "–", forbidden) if each)


class RecordForm(forms.Form):
    """Whatever its kind, the same few fields: those that do not belong to a kind are left out.

    ``contacts`` are the customer's; the rest is as for any form.
    """

    kind = forms.ChoiceField(
        label=_("Kind"), choices=Interaction.Kind, initial=Interaction.Kind.CALL
    )
    minutes = forms.DecimalField(
        label=_("Minutes"), required=False, max_digits=7, decimal_places=3, min_value=0,
        max_value=rules.MOST_MINUTES, localize=True,
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note"), required=False, max_length=rules.LONGEST_NOTE,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("“@Name” speaks to a colleague; it waits on their page of tasks."),
    )  # fmt: skip
    direction = forms.ChoiceField(
        label=_("Call or mail"), choices=Interaction.Direction, initial=Interaction.Direction.WE,
        required=False,
    )  # fmt: skip
    reached = forms.BooleanField(
        label=_("Both sides spoke"), required=False, initial=True,
        help_text=_("Take the tick away for a call that nobody answered."),
    )  # fmt: skip
    contact = ContactField(label=_("With"))
    day = DayField(label=_("Day"))
    time = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )

    attached = files_field(required=False)

    def __init__(self, *args: Any, contacts: Any = (), **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "record_%s"} | options)
        if contacts:
            self.fields["contact"].queryset = contacts  # type: ignore[attr-defined]

    def happening(self, now: datetime) -> Happening:
        """As the action takes it; ``now`` is a local moment."""
        told = self.cleaned_data
        kind = told["kind"]
        return Happening(
            kind=kind,
            happened_at=rules.moment_of(told["day"], told["time"], now),
            note=told["note"],
            direction=told["direction"] if rules.has_direction(kind) else "",
            reached=told["reached"],
            minutes=told["minutes"],
            contact=told["contact"],
            files=tuple(told["attached"]),
        )


class WithdrawForm(forms.Form):
    because = forms.CharField(label=_("Why it was wrong"), max_length=LONGEST_REASON)
