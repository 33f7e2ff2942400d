"""Partners: who sent whom, what went and came, and whom to thank."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kundenstamm.acquisition import coming_actions, queries
from kundenstamm.acquisition.channel_actions import keep_partner
from kundenstamm.acquisition.models import Partner
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.rights import Right, may
from kundenstamm.web.acquisition.forms import PartnerForm, PassOnForm, ThankForm
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error

SHOWN = 100


@require_http_methods(["GET", "POST"])
def partners(request: SignedInRequest) -> HttpResponse:
    """All of them, the most bringing first; whom to thank; and a form for one more."""
    form = PartnerForm(request.POST or None, auto_id="partner_%s")
    if request.method == "POST" and form.is_valid():
        made = keep_partner(form.save(commit=False), actor=request.user, at=moment())
        return redirect("partner", partner=made.key)
    today = timezone.localdate()
    late = queries.overdue(request.user, today)[:SHOWN]
    senders = queries.named(request.user, late)
    shown = {each.customer_id for each in late} | senders.keys()
    note_read("partners", shown, actor=request.user, at=timezone.now())
    context = {
        "rows": queries.exchanges(request.user, today),
        "late": [
            {"of": each, "sender": senders.get(each.sender_id or 0),
             "form": ThankForm(auto_id=f"thank{n}_%s")}
            for n, each in enumerate(late)
        ],
        "form": form,
        "records": may(request.user, Right.RECORD),
        "tab": "partners",
    }  # fmt: skip
    return render(request, "acquisition/partners.html", context)


@require_safe
def partner(request: SignedInRequest, partner: UUID) -> HttpResponse:
    return _page(request, get_object_or_404(Partner, key=partner))


def _page(request: SignedInRequest, found: Partner, sent: forms.Form | None = None) -> HttpResponse:
    """One partner, once more with a form that was sent and has errors."""
    today = timezone.localdate()
    [exchange] = queries.exchanges(request.user, today, found)
    shown = {each.customer_id for each in (*exchange.received, *exchange.given)}
    note_read("partner", shown, actor=request.user, at=timezone.now())
    context: dict[str, Any] = {
        "partner": found,
        "exchange": exchange,
        "form": sent or PassOnForm(request.user, initial={"consent_on": today}, auto_id="pass_%s"),
        "tab": "partners",
    }
    return render(request, "acquisition/partner.html", context)


@require_POST
def pass_on(request: SignedInRequest, partner: UUID) -> HttpResponse:
    """Send a customer there; what is confidential is refused."""
    found = get_object_or_404(Partner, key=partner)
    form = PassOnForm(request.user, request.POST, auto_id="pass_%s")
    if form.is_valid():
        told = form.cleaned_data
        try:
            coming_actions.pass_on(
                told["customer"], found, told["consent_on"], worth=told["worth"],
                actor=request.user, at=moment(),
            )  # fmt: skip
        except ValidationError as refused:
            field_error(form, refused)
    if form.errors:
        return _page(request, found, form)
    messages.success(request, _("Noted. Tell the partner no more than name, trade and place."))
    return redirect("partner", partner=found.key)


@require_POST
def thank(request: SignedInRequest, referral: UUID) -> HttpResponse:
    """One of those that wait for thanks."""
    late = queries.overdue(request.user, timezone.localdate())
    if (found := next((each for each in late if each.key == referral), None)) is None:
        raise Http404
    form = ThankForm(request.POST)
    if form.is_valid():
        cost = form.cleaned_data["thanks_cost"] or Decimal(0)
        try:
            coming_actions.thank(found, cost, actor=request.user, at=moment())
        except ValidationError as refused:
            field_error(form, refused)
    for errors in form.errors.values():
        messages.error(request, " ".join(str(each) for each in errors))
    return redirect("partners")
