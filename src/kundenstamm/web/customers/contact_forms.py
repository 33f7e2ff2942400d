"""The form of a contact."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.contact_actions import About
from kundenstamm.customers.contacts import LONGEST, Contact, Language, Objection, Role, Way
from kundenstamm.guard.keys import KeysRefused

NOTHING = [("", "–")]
KEPT = ("name", "function", "roles", "salutation", "language", "preferred_way", "objection")


class ContactForm(forms.Form):
    """All that is said of a contact. A sealed field that cannot be opened is left out."""

    name = forms.CharField(label=_("Name"), required=False, max_length=LONGEST["name"])
    function = forms.CharField(
        label=_("Function"), required=False, max_length=LONGEST["function"],
        help_text=_("The title of their job."),
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label=_("Part in the decision"), choices=Role, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    phone = forms.CharField(label=_("Phone"), required=False, max_length=LONGEST["phone"])
    email = forms.EmailField(label=_("Mail address"), required=False, max_length=LONGEST["email"])
    preferred_way = forms.ChoiceField(
        label=_("Best reached by"), choices=[*NOTHING, *Way.choices], required=False
    )
    best_time = forms.CharField(
        label=_("Best time"), required=False, max_length=LONGEST["best_time"]
    )
    salutation = forms.CharField(
        label=_("Salutation"), required=False, max_length=LONGEST["salutation"],
        help_text=_("As they wish to be addressed."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), choices=[*NOTHING, *Language.choices], required=False
    )
    objection = forms.ChoiceField(
        label=_("Objection"), choices=[("", _("None")), *Objection.choices], required=False,
        help_text=_("What they have forbidden us."),
    )  # fmt: skip
    mention = forms.CharField(
        label=_("What to mention"), required=False, max_length=LONGEST["mention"],
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Interests, tone, promises: only what they would not mind to read."),
    )  # fmt: skip

    def __init__(self, *args: Any, of: Contact | None = None, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "contact_%s"} | options)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
        if of is not None:
            self._begin_with(of)

    def _begin_with(self, contact: Contact) -> None:
        self.initial = {name: getattr(contact, name) for name in KEPT}
        for name in Contact.sealed_fields:
            try:
                self.initial[name] = contact.open(name)
            except KeysRefused:
                del self.fields[name]

    def about(self) -> About:
        """As the actions take it; what could not be shown stays as it is."""
        return About(**self.cleaned_data)
