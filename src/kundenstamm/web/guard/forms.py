"""Forms of accounts: signing in, one's own, and those of others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _

from kundenstamm.guard.models import Role, Team, User


class SignInForm(LoginForm):  # type: ignore[misc]
    """allauth's form with our words."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # A name that is no mail address is simply a wrong one.
        self.fields["login"] = forms.CharField(
            label=_("Mail address"),
            max_length=254,
            widget=forms.EmailInput({"autocomplete": "username", "autofocus": True}),
        )
        self.fields["password"].widget.attrs.pop("placeholder", None)


class AboutForm(forms.ModelForm):  # type: ignore[type-arg]
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ("name", "language")
        widgets = {"name": forms.TextInput({"autocomplete": "name"})}


# In place of Django's list of every rule.
NEW_PASSWORD = _(
    "At least 12 characters. Several words that do not belong together are strong and easily"
    " kept in mind; your name and the company's are refused."
)


class OwnPasswordForm(PasswordChangeForm):
    """A new password for one's own account."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["old_password"].widget.attrs.pop("autofocus", None)
        self.fields["new_password1"].help_text = NEW_PASSWORD
        self.fields["new_password2"].help_text = ""


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """The password one comes in with by a link."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["new_password1"].help_text = NEW_PASSWORD
        self.fields["new_password2"].help_text = ""


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("Mail address"), max_length=254, widget=forms.EmailInput({"autocomplete": "off"})
    )
    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput({"autocomplete": "off"})
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=Role.choices, initial=Role.REPRESENTATIVE.value
    )


class TeamForm(forms.Form):
    """A team's name and members; ``people`` are all who may be chosen."""

    name = forms.CharField(
        label=Team._meta.get_field("name").verbose_name, max_length=120,
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    members = forms.TypedMultipleChoiceField(
        label=_("Members"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, people: Iterable[User], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["members"].choices = [(one.pk, one.name) for one in people]  # type: ignore[attr-defined]
