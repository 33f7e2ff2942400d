"""Forms of complaints: one for each thing that can happen to one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kundenstamm.care import rules
from kundenstamm.care.models import Complaint, ComplaintClass
from kundenstamm.web.care.task_forms import ColleagueField


class SaidField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        box = forms.Textarea({"rows": 2})
        super().__init__(max_length=rules.LONGEST_NOTE, widget=box, **options)


class AnswerForm(forms.Form):
    said = SaidField(label=_("What was promised"))


class PassOnForm(forms.Form):
    to = ColleagueField(label=_("Hand over to"))
    said = forms.CharField(label=_("Why"), max_length=rules.LONGEST_TASK)


class ClassForm(forms.Form):
    of_class = forms.ModelChoiceField(
        ComplaintClass.objects.order_by("answer_hours", "pk"), label=_("Class"), empty_label=None
    )


class AssessForm(forms.Form):
    """Cause and cost, both editable after the solution."""

    cause = forms.ChoiceField(
        label=_("Cause"), choices=[("", "–"), *Complaint.Cause.choices], required=False
    )
    cost = forms.DecimalField(
        label=_("Cost"), required=False, max_digits=18, decimal_places=4, min_value=0,
        localize=True, widget=forms.TextInput({"inputmode": "decimal"}),
    )  # fmt: skip


class AskAfterForm(forms.Form):
    asks = forms.BooleanField(
        label=_("Ask the customer by mail, once it is solved, how it was handled"), required=False
    )

    def __init__(self, *told: Any, **options: Any) -> None:
        super().__init__(*told, **options)
        if not settings.MAIL_HOST:
            del self.fields["asks"]


class SolveForm(AskAfterForm):
    said = SaidField(label=_("What was done"))

    field_order = ("said", "asks")


class ReopenForm(forms.Form):
    said = SaidField(label=_("Why it is not solved"))


class TermsOfClassForm(forms.ModelForm):  # type: ignore[type-arg]
    """A class in the settings."""

    class Meta:
        model = ComplaintClass
        fields = ("name", "answer_hours", "solution_days")


class FilterForm(forms.Form):
    """Of the solved ones: which cause, which class."""

    cause = forms.ChoiceField(
        label=_("Cause"), choices=[("", _("all")), *Complaint.Cause.choices], required=False
    )
    of_class = forms.ModelChoiceField(
        ComplaintClass.objects.order_by("answer_hours", "pk"), label=_("Class"),
        empty_label=_("all"), required=False,
    )  # fmt: skip
