"""Break-glass: a customer that is not one's own, in an emergency."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_http_methods

from kundenstamm.customers.emergency import HOURS, open_in_emergency
from kundenstamm.web.shell.requests import SignedInRequest


class EmergencyForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Customer number"), max_length=60,
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Why?"), max_length=300, widget=forms.Textarea({"rows": 3})
    )
    hours = forms.TypedChoiceField(
        label=gettext_lazy("For how long?"),
        coerce=int,
        choices=[(n, ngettext_lazy("%(n)s hour", "%(n)s hours", n) % {"n": n}) for n in HOURS],
    )


@require_http_methods(["GET", "POST"])
def emergency(request: SignedInRequest) -> HttpResponse:
    """Ask for it; the customer's page follows."""
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        key = open_in_emergency(
            told["number"], told["reason"], told["hours"], actor=request.user, at=timezone.now()
        )
        if key is not None:
            messages.warning(request, _("The customer is open to you. The alarm has been raised."))
            return redirect("customer", key=key)
        form.add_error(
            "number",
            _("Nothing opens by this number. The alarm has been raised all the same."),
        )
    return render(request, "customers/emergency.html", {"form": form})
