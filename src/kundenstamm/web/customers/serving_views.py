"""Who serves a customer: handing it over, ending an assignment."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kundenstamm.customers import actions
from kundenstamm.customers.models import Customer
from kundenstamm.customers.queries import assignments_of, known_customer
from kundenstamm.web.customers.forms import AssignForm, EndForm
from kundenstamm.web.customers.sheet_views import customer_page
from kundenstamm.web.shell.requests import SignedInRequest, moment


def known_or_404(request: SignedInRequest, key: UUID) -> Customer:
    found = known_customer(request.user, key)
    if found is None:
        raise Http404
    return found


def back_to(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The customer's page, or the list for who does not know of the customer any more."""
    if known_customer(request.user, key):
        return redirect("customer", key=key)
    messages.info(request, _("You do not know of this customer any more."))
    return redirect("customers")


@require_POST
def assign(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Hand a customer over to another representative from a day on."""
    who, form = known_or_404(request, key), AssignForm(request.POST, auto_id="assign_%s")
    if not form.is_valid():
        return customer_page(request, key, form)
    to, starts = form.cleaned_data["representative"], form.cleaned_data["starts"]
    actions.assign(who, to, starts, actor=request.user, at=moment())
    told = {"name": to.name, "day": formats.date_format(starts, "SHORT_DATE_FORMAT")}
    messages.success(request, _("Served by %(name)s from %(day)s on.") % told)
    return back_to(request, key)


@require_POST
def end_assignment(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The last day of an assignment; one that has not begun is called off."""
    who, form = known_or_404(request, key), EndForm(request.POST, auto_id="end_%s")
    form.is_valid()
    told = form.cleaned_data
    if not {"representative", "starts"} <= told.keys():
        raise Http404
    held = get_object_or_404(
        assignments_of(request.user, who),
        representative__code=told["representative"],
        starts=told["starts"],
    )
    try:
        if "ends" in told:
            actions.end_assignment(held, told["ends"], actor=request.user, at=moment())
    except ValidationError as refused:
        form.add_error(None, refused)
    if form.errors:
        return customer_page(request, key, form)
    messages.success(request, _("Saved."))
    return back_to(request, key)
