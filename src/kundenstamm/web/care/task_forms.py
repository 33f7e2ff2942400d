"""Forms of tasks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from kundenstamm.care import rules
from kundenstamm.care.models import Task
from kundenstamm.care.task_actions import Errand
from kundenstamm.guard.models import User
from kundenstamm.guard.people import recorders, who_records
from kundenstamm.web.customers.forms import DayField

OUTCOMES = [each for each in Task.Outcome.choices if each[0] != Task.Outcome.DROPPED]


class _Listed(ModelChoiceIterator):  # type: ignore[type-arg]
    """A page has several such fields, and reads the people once."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        return (self.choice(each) for each in recorders())


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Who records with customers; whether they may know this one is asked by the action."""

    iterator = _Listed

    def __init__(self, **options: Any) -> None:
        super().__init__(who_records(), empty_label=None, **options)

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name} · {obj.get_role_display()}"


class TaskForm(forms.Form):
    """One line on the customer's page."""

    what = forms.CharField(label=_("What is to be done"), max_length=rules.LONGEST_TASK)
    due = DayField(label=_("Until"))
    owner = ColleagueField(label=_("Who"))

    def errand(self) -> Errand:
        told = self.cleaned_data
        return Errand(told["what"], told["due"], told["owner"])


class FinishForm(forms.Form):
    outcome = forms.ChoiceField(label=_("What came out"), choices=OUTCOMES, required=False)


class HandOverForm(forms.Form):
    to = ColleagueField(label=_("Hand over to"))
    because = forms.CharField(label=_("Why"), max_length=rules.LONGEST_TASK)


class PutOffForm(forms.Form):
    due = DayField(label=_("New day"))
    because = forms.CharField(label=_("Why"), max_length=rules.LONGEST_TASK)


class DropForm(forms.Form):
    because = forms.CharField(label=_("Why"), max_length=rules.LONGEST_TASK)
