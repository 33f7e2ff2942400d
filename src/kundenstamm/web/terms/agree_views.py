"""Agreements are made, renewed and ended, and entries are given their agreement."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kundenstamm.decisions.actions import agree_at_once
from kundenstamm.ledger.models import Entry
from kundenstamm.terms import actions
from kundenstamm.terms.booking import ask_to_recognise, link_by_hand
from kundenstamm.terms.models import Agreement
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.customers.sheet_views import customer_page
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import AgreeForm, EndAgreementForm, field_error
from kundenstamm.web.terms.views import agreement_page, known_agreement


@require_POST
def agree(request: SignedInRequest, key: UUID) -> HttpResponse:
    """A new agreement with a customer."""
    who, form = known_or_404(request, key), AgreeForm(request.POST, auto_id="agree_%s")
    if form.is_valid():
        try:
            made = agree_at_once(
                who, form.conditions(), reason=form.cleaned_data["reason"],
                actor=request.user, at=moment(),
            )  # fmt: skip
        except ValidationError as refused:
            field_error(form, refused)
    if form.errors:
        return customer_page(request, key, form)
    return _agreed(request, made)


@require_POST
def renew(request: SignedInRequest, agreement: UUID) -> HttpResponse:
    """Another one in an agreement's place, from a day on."""
    before = known_agreement(request.user, agreement)
    form = AgreeForm(request.POST, auto_id="renew_%s")
    if form.is_valid():
        try:
            made = agree_at_once(
                before.customer, form.conditions(), reason=form.cleaned_data["reason"],
                renews=before, actor=request.user, at=moment(),
            )  # fmt: skip
        except ValidationError as refused:
            field_error(form, refused)
    if form.errors:
        return agreement_page(request, agreement, renew=form, open_renew=True)
    return _agreed(request, made)


@require_POST
def end(request: SignedInRequest, agreement: UUID) -> HttpResponse:
    """The last day on which an agreement holds."""
    found, form = known_agreement(request.user, agreement), EndAgreementForm(request.POST)
    if form.is_valid():
        try:
            last_day = form.cleaned_data["last_day"]
            actions.end_agreement(found, last_day, actor=request.user, at=moment())
        except ValidationError as refused:
            field_error(form, refused)
    if form.errors:
        return agreement_page(request, agreement, end=form, open_end=True)
    ask_to_recognise(actor=request.user, at=moment())
    messages.success(request, _("Saved."))
    return redirect("agreement", agreement)


@require_POST
def link(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Say which agreement caused an entry."""
    who, told = known_or_404(request, key), request.POST
    if not told.get("entry", "").isdecimal():
        raise Http404
    entries = Entry.objects.visible_to(request.user).filter(customer=who)
    entry = get_object_or_404(entries, pk=min(int(told["entry"]), 2**63 - 1))
    own = Agreement.objects.visible_to(request.user).filter(customer=who)
    try:
        meant = own.filter(key=told.get("agreement", "")).first()
    except ValidationError:
        meant = None
    if meant is None:
        messages.error(request, _("Choose the agreement."))
    else:
        try:
            link_by_hand(meant, entry, actor=request.user, at=moment())
            messages.success(request, _("Saved."))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
    return redirect("without-agreement", key)


def _agreed(request: SignedInRequest, made: Agreement) -> HttpResponse:
    ask_to_recognise(actor=request.user, at=moment())
    messages.success(request, _("Agreed. What it has caused already is being looked for."))
    return redirect("agreement", made.key)
