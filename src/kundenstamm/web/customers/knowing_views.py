"""Who may know of a customer: opening it, closing it, taking that back, keeping it confidential."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kundenstamm.customers import actions
from kundenstamm.customers.models import Grant
from kundenstamm.customers.queries import grants_of
from kundenstamm.guard.people_actions import Refused
from kundenstamm.web.customers.forms import GrantForm
from kundenstamm.web.customers.serving_views import back_to, known_or_404
from kundenstamm.web.customers.sheet_views import customer_page
from kundenstamm.web.shell.requests import SignedInRequest, moment


@require_POST
def grant(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Open a customer to a person, or close it."""
    who, form = known_or_404(request, key), GrantForm(request.POST, auto_id="grant_%s")
    if form.is_valid():
        told = form.cleaned_data
        deed = actions.open_to if told["kind"] == Grant.Kind.OPEN else actions.close_to
        try:
            deed(
                told["person"], who, told["reason"], ends_at=told["ends_at"],
                actor=request.user, at=moment(),
            )  # fmt: skip
        except ValidationError as refused:
            form.add_error(None, refused)
    if form.errors:
        return customer_page(request, key, form)
    opened = told["kind"] == Grant.Kind.OPEN
    words = _("Opened to %(name)s.") if opened else _("Closed to %(name)s.")
    messages.success(request, words % {"name": told["person"].name})
    return back_to(request, key)


@require_POST
def take_back(request: SignedInRequest, key: UUID) -> HttpResponse:
    """End what opens the customer to a person, or closes it; it stays on record."""
    who, at = known_or_404(request, key), moment()
    person, kind = request.POST.get("person", ""), request.POST.get("kind", "")
    running = grants_of(request.user, who, at=at)
    meant = [each for each in running if (str(each.person_id), each.kind) == (person, kind)]
    if not meant:
        raise Http404
    try:
        for each in meant:
            actions.take_back(each, actor=request.user, at=at)
        messages.success(request, _("Taken back."))
    except Refused as refused:
        messages.error(request, str(refused))
    return back_to(request, key)


@require_POST
def confidential(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Known only to those to whom it is opened, or as any other."""
    who, at = known_or_404(request, key), moment()
    if request.POST.get("confidential") == "1":
        actions.keep_confidential(who, actor=request.user, at=at)
        messages.success(request, _("Confidential from now on."))
    else:
        actions.lift_confidentiality(who, actor=request.user, at=at)
        messages.success(request, _("No longer confidential."))
    return back_to(request, key)
