"""The form that asks for satisfaction, and the one that a customer answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kundenstamm.care.answering import LONGEST
from kundenstamm.care.models import Survey
from kundenstamm.care.models.survey import MOST
from kundenstamm.care.survey_actions import LONGEST_QUESTION
from kundenstamm.customers.models import Contact, Customer
from kundenstamm.customers.revealing import contacts_of
from kundenstamm.guard.models import User


class AskForm(forms.Form):
    """Language, question and contact; by mail only where a mail server is named.

    ``listed``: the customer's contacts, where the page has read them already.
    """

    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("The contact's own")), *Survey.Language.choices],
        required=False,
        help_text=_("Of the mail and the page; English where the contact's is neither."),
    )  # fmt: skip
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Contact"), required=False, empty_label="–"
    )
    question = forms.CharField(
        label=_("Free question"), max_length=LONGEST_QUESTION, required=False,
        help_text=_("Left empty: the company's own question in that language."),
    )  # fmt: skip
    by_mail = forms.BooleanField(label=_("Send the link by mail to the contact"), required=False)

    def __init__(
        self, actor: User, customer: Customer, *told: Any,
        listed: Sequence[Contact] | None = None, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*told, **options)
        contact: Any = self.fields["contact"]
        # Asking how satisfied somebody is counts as advertising.
        contact.queryset = contacts_of(actor, customer).standing().filter(objection="")
        if listed is not None:
            named = [(each.pk, str(each)) for each in listed if not each.objection]
            contact.choices = [("", contact.empty_label), *named]
        if not settings.MAIL_HOST:
            del self.fields["by_mail"]


class FeedbackForm(forms.Form):
    """0 to 10, in words a customer understands."""

    score = forms.TypedChoiceField(
        coerce=int, choices=[(n, str(n)) for n in range(MOST + 1)],
        error_messages={"required": _("Please choose a number.")},
    )  # fmt: skip
    said = forms.CharField(max_length=LONGEST, required=False, widget=forms.Textarea({"rows": 3}))
    remark = forms.CharField(
        label=_("Anything else you would like to tell us? (optional)"), max_length=LONGEST,
        required=False, widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
