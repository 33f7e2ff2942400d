"""How one customer came to us: told once, touched, thanked for."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kundenstamm.acquisition import coming_actions as actions
from kundenstamm.acquisition.queries import coming
from kundenstamm.web.acquisition.forms import OriginForm, ThankForm, TouchForm
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.customers.sheet_views import customer_page
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error


@require_POST
def origin(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Keep what was said, once."""
    who, at = known_or_404(request, key), moment()
    form = OriginForm(request.user, request.POST, auto_id="origin_%s")
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.tell_origin(
                who, told["channel"], told["said"], campaign=told["campaign"], by=form.sent_by(),
                day=told["day"] or timezone.localdate(at), actor=request.user, at=at,
            )  # fmt: skip
        except ValidationError as refused:
            field_error(form, refused)
    if form.errors:
        return customer_page(request, key, form)
    messages.success(request, _("Kept: nobody needs to ask again."))
    return _back(key)


@require_POST
def ask_again(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The answer was wrong: it goes."""
    who = known_or_404(request, key)
    try:
        actions.ask_again(who, actor=request.user, at=moment())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return _back(key)


@require_POST
def touch(request: SignedInRequest, key: UUID) -> HttpResponse:
    """One more thing that reached it."""
    who, form = known_or_404(request, key), TouchForm(request.POST, auto_id="touch_%s")
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.touch(
                who, told["channel"], told["day"], campaign=told["campaign"], actor=request.user,
                at=moment(),
            )  # fmt: skip
        except ValidationError as refused:
            field_error(form, refused)
    return customer_page(request, key, form) if form.errors else _back(key)


@require_POST
def remove(request: SignedInRequest, key: UUID, touch: UUID) -> HttpResponse:
    who = known_or_404(request, key)
    known = (each for each in coming(request.user, who).touches if each.key == touch)
    if (found := next(known, None)) is None:
        raise Http404
    actions.remove_touch(found, actor=request.user, at=moment())
    return _back(key)


@require_POST
def thank(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Who sent it was thanked."""
    who, form = known_or_404(request, key), ThankForm(request.POST, auto_id="thank_%s")
    found = coming(request.user, who).received
    if found is None:
        messages.error(request, _("Nobody sent this customer."))
        return _back(key)
    if form.is_valid():
        cost = form.cleaned_data["thanks_cost"] or Decimal(0)
        try:
            actions.thank(found, cost, actor=request.user, at=moment())
        except ValidationError as refused:
            field_error(form, refused)
    return customer_page(request, key, form) if form.errors else _back(key)


def _back(key: UUID) -> HttpResponse:
    return redirect(reverse("customer", args=[key]) + "#coming")
