"""A playbook is started for one customer by hand, or stopped."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kundenstamm.playbooks import actions, queries
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.customers.sheet_views import customer_page
from kundenstamm.web.playbooks.forms import StartForm, StopForm
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error


@require_POST
def start(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The chosen one begins now, whatever stage the customer is in."""
    who = known_or_404(request, key)
    form = StartForm(queries.to_choose(who.link), request.POST, auto_id="start_%s")
    if form.is_valid():
        try:
            actions.start(who, form.chosen(), actor=request.user, at=moment())
        except ValidationError as refused:
            field_error(form, refused)
    if form.errors:
        return customer_page(request, key, form)
    messages.success(request, _("The playbook has started; its tasks are set."))
    return _back(key)


@require_POST
def stop(request: SignedInRequest, key: UUID) -> HttpResponse:
    """With the reason; steps that nobody has begun are off the lists."""
    who, form = known_or_404(request, key), StopForm(request.POST, auto_id="stop_%s")
    found = queries.newest(request.user, who)
    if found is None:
        messages.error(request, _("No playbook is running."))
        return _back(key)
    if form.is_valid():
        try:
            n = actions.stop(
                found.of, form.cleaned_data["because"], actor=request.user, at=moment()
            )
        except ValidationError as refused:
            field_error(form, refused)
    if form.errors:
        return customer_page(request, key, form)
    told = ngettext("Stopped. %(n)s task was withdrawn.", "Stopped. %(n)s tasks were withdrawn.", n)
    messages.success(request, told % {"n": n})
    return _back(key)


def _back(key: UUID) -> HttpResponse:
    return redirect(reverse("customer", args=[key]) + "#playbook")
