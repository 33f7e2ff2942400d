"""Forms of answers to a step, and of how somebody wants the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kundenstamm.care import rules as care
from kundenstamm.care.models import Interaction
from kundenstamm.care.task_actions import Errand
from kundenstamm.guard.models import User
from kundenstamm.guard.people import recorders
from kundenstamm.today import rules
from kundenstamm.today.actions import Doing
from kundenstamm.today.models import Answer, Wish
from kundenstamm.web.customers.forms import DayField

WAYS = [(kind.value, kind.label) for kind in
        (Interaction.Kind.CALL, Interaction.Kind.VISIT, Interaction.Kind.MAIL)]  # fmt: skip
A_WEEK = timedelta(days=7)


class DoneForm(forms.Form):
    outcome = forms.ChoiceField(label=_("What came out"), choices=Answer.Outcome.choices)
    way = forms.ChoiceField(label=_("How"), choices=WAYS)
    note = forms.CharField(
        label=_("One line about it"), max_length=care.LONGEST_NOTE, required=False
    )

    def doing(self) -> Doing:
        told = self.cleaned_data
        return Doing(told["outcome"], told["way"], told["note"])


class NotNowForm(forms.Form):
    until = DayField(label=_("Not before"))
    because = forms.CharField(label=_("Why"), max_length=rules.LONGEST_REASON)


class GiveForm(forms.Form):
    """Who there is stands beside it: it is read once a page, not once a step."""

    to = forms.TypedChoiceField(label=_("To whom"), coerce=int)
    what = forms.CharField(label=_("What is to be done"), max_length=care.LONGEST_TASK)
    due = DayField(label=_("Until"))

    def __init__(self, *args: Any, people: dict[int, User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = people
        chosen: Any = self.fields["to"]
        chosen.choices = choices_of(people)

    def errand(self) -> Errand:
        told = self.cleaned_data
        return Errand(told["what"], told["due"], self.people[told["to"]])


class WishForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Wish
        fields = ("minutes", "morning_mail", "names_customers")


def colleagues(actor: User) -> dict[int, User]:
    """Who could do it instead."""
    return {each.pk: each for each in recorders() if each.pk != actor.pk}


@dataclass(frozen=True)
class Fresh:
    """The three answers as they begin, written by the template itself.

    A page has a dozen steps: a hundred fields made by the forms would take longer than all the
    rest of it. What comes back with errors is a form. ``number`` tells the steps of a page apart.
    """

    number: str
    what: str
    later: date
    tomorrow: date
    ways: SafeString
    of: Options


@dataclass(frozen=True)
class Options:
    """What there is to choose from, written once a page: colleagues, outcomes, and the ways, by
    the one that is chosen to begin with."""

    people: SafeString
    outcomes: SafeString
    ways: dict[str, SafeString]


def options(people: dict[int, User]) -> Options:
    ways = {chosen: _options(WAYS, chosen) for chosen, _label in WAYS}
    return Options(_options(choices_of(people)), _options(Answer.Outcome.choices), ways)


def _options(choices: Sequence[tuple[Any, Any]], chosen: str = "") -> SafeString:
    told = ((value, " selected" if value == chosen else "", label) for value, label in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', told)


def fresh(cause: str, reason: str, number: int, of: Options, today: date) -> Fresh:
    way = of.ways[rules.usual_way(cause)]
    what, later = reason[: care.LONGEST_TASK], today + A_WEEK
    return Fresh(str(number), what, later, today + timedelta(days=1), way, of)


def choices_of(people: dict[int, User]) -> list[tuple[int, str]]:
    return [(pk, f"{each.name} · {each.get_role_display()}") for pk, each in people.items()]
