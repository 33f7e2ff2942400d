"""Forms of playbooks: their steps, and starting and stopping one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kundenstamm.care.rules import LONGEST_TASK
from kundenstamm.customers.models import Link
from kundenstamm.guard.models import User
from kundenstamm.guard.people import who_records
from kundenstamm.playbooks.actions import Draft
from kundenstamm.playbooks.models import Playbook, PlaybookStep
from kundenstamm.playbooks.rules import MOST_DAYS, MOST_STEPS, STAGES

Function = PlaybookStep.Function
FUNCTIONS = [(str(each.value), each.label) for each in (Function.REPRESENTATIVE, Function.SERVICE)]
# In an address an empty link needs a word.
ANY = "any"
EVERY_LINK = [*Link.choices, (ANY, gettext_lazy("Every other link"))]
SPARE = 2


class StepForm(forms.Form):
    """One row; without words it is none. Whom a step is given to: a function, or a person."""

    position = forms.IntegerField(
        label=gettext_lazy("No."), required=False, min_value=1, max_value=99
    )
    what = forms.CharField(
        label=gettext_lazy("What is to be done"), required=False, max_length=LONGEST_TASK
    )
    owner = forms.ChoiceField(label=gettext_lazy("Who"))
    due_days = forms.IntegerField(
        label=gettext_lazy("After days"), required=False, min_value=0, max_value=MOST_DAYS
    )

    def __init__(self, *args: Any, people: Iterable[User] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(each.pk): each for each in people}
        named = [(pk, each.name) for pk, each in self.people.items()]
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            (_("By function"), FUNCTIONS), (_("A certain person"), named),
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if told.get("what") and told.get("due_days") is None and "due_days" not in self.errors:
            self.add_error("due_days", _("Say after how many days it is due."))
        return told

    def draft(self) -> Draft | None:
        """As the action takes it; None for an empty row."""
        told = self.cleaned_data
        if not told.get("what"):
            return None
        person = self.people.get(told["owner"])
        function = Function.PERSON if person else told["owner"]
        return Draft(told["what"], function, told["due_days"], person)


class StepsFormSet(BaseFormSet):  # type: ignore[type-arg]
    def drafts(self) -> list[Draft]:
        """In the order of their numbers; rows without one come last, as they stand."""
        rows = [(form.cleaned_data.get("position"), form.draft()) for form in self.forms]
        rows.sort(key=lambda row: (row[0] is None, row[0] or 0))
        return [draft for _position, draft in rows if draft is not None]


_Steps = formset_factory(
    StepForm, formset=StepsFormSet, extra=SPARE, max_num=MOST_STEPS + SPARE,
    absolute_max=MOST_STEPS + SPARE,
)  # fmt: skip


def steps_form(data: Any, shown: Iterable[Any]) -> StepsFormSet:
    """Rows of what is kept or proposed, and some to write more."""
    initial = [
        {"position": n, "what": each.what, "owner": _owner(each), "due_days": each.due_days}
        for n, each in enumerate(shown, start=1)
    ]
    people = list(who_records())
    made = _Steps(data, initial=initial, prefix="step", form_kwargs={"people": people})
    return cast(StepsFormSet, made)


def _owner(step: Any) -> str:
    person = getattr(step, "person_id", None)
    return str(person) if person else str(step.function)


class ChooseForm(forms.Form):
    """For which stage and link one more is to be written."""

    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"), choices=[(str(s.value), s.label) for s in STAGES]
    )
    link = forms.ChoiceField(label=gettext_lazy("Link of the chain"), choices=EVERY_LINK)


class StartForm(forms.Form):
    playbook = forms.ChoiceField(label=gettext_lazy("Playbook"))

    def __init__(self, choices: Iterable[Playbook], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.playbooks = {str(each.pk): each for each in choices}
        self.fields["playbook"].choices = [  # type: ignore[attr-defined]
            (pk, str(each)) for pk, each in self.playbooks.items()
        ]

    def chosen(self) -> Playbook:
        return self.playbooks[self.cleaned_data["playbook"]]


class StopForm(forms.Form):
    because = forms.CharField(label=gettext_lazy("Why"), max_length=LONGEST_TASK)
