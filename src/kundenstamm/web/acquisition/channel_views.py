"""Channels, campaigns and what was spent: looked at and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.acquisition import channel_actions as actions
from kundenstamm.acquisition import queries
from kundenstamm.acquisition.models import Channel, Spending
from kundenstamm.guard.rights import Right, may
from kundenstamm.web.acquisition.forms import (
    CampaignForm,
    ChannelForm,
    SpendForm,
    TakeOverForm,
)
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error

SHOWN = 25


@require_safe
def channels(request: SignedInRequest) -> HttpResponse:
    return _page(request)


def _page(request: SignedInRequest, **sent: forms.Form) -> HttpResponse:
    """Everything there is, and a form for each; one that was sent and has errors comes back."""
    there, today = queries.channels(), timezone.localdate()
    spent = list(queries.spendings()[: SHOWN + 1])
    context: dict[str, Any] = {
        "channels": there,
        "campaigns": queries.campaigns(),
        "spendings": spent[:SHOWN],
        "more": len(spent) > SHOWN,
        "unclaimed": [
            {
                "name": name,
                "number": number,
                "form": TakeOverForm(there=there, initial={"name": name}, auto_id=f"claim{n}_%s"),
            }
            for n, (name, number) in enumerate(queries.unclaimed_names(request.user))
        ],
        "spend": SpendForm(there=there, initial={"day": today}, auto_id="spend_%s"),
        "campaign": CampaignForm(there=there, initial={"starts": today}, auto_id="campaign_%s"),
        "keep": ChannelForm(there=there, auto_id="keep_%s"),
        "imports": may(request.user, Right.IMPORT),
        "tab": "channels",
    }
    return render(request, "acquisition/channels.html", context | sent)


@require_POST
def spend(request: SignedInRequest) -> HttpResponse:
    form = SpendForm(request.POST, auto_id="spend_%s")
    by: dict[str, Any] = {"actor": request.user, "at": moment()}
    done = _do(form, lambda: actions.spend(form.cleaned_data["channel"], form.spent(), **by))
    return redirect("channels") if done else _page(request, spend=form)


@require_POST
def remove(request: SignedInRequest, spending: UUID) -> HttpResponse:
    try:
        actions.remove_spending(
            get_object_or_404(Spending, key=spending), actor=request.user, at=moment()
        )
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("channels")


@require_POST
def keep(request: SignedInRequest) -> HttpResponse:
    """A new channel, or another name for one."""
    form = ChannelForm(request.POST, auto_id="keep_%s")
    by: dict[str, Any] = {"actor": request.user, "at": moment()}

    def act() -> None:
        actions.keep_channel(form.cleaned_data["channel"] or Channel(), form.cleaned_data["name"],
                             **by)  # fmt: skip

    return redirect("channels") if _do(form, act) else _page(request, keep=form)


@require_POST
def campaign(request: SignedInRequest) -> HttpResponse:
    form = CampaignForm(request.POST, auto_id="campaign_%s")
    by: dict[str, Any] = {"actor": request.user, "at": moment()}

    def act() -> None:
        actions.keep_campaign(form.campaign(), form.cleaned_data["channel"], **by)

    return redirect("channels") if _do(form, act) else _page(request, campaign=form)


@require_POST
def take_over(request: SignedInRequest) -> HttpResponse:
    """What the records say of where customers come from is their origin from now on."""
    form = TakeOverForm(request.POST)
    if form.is_valid():
        name, channel = form.cleaned_data["name"], form.cleaned_data["channel"]
        n = actions.take_over(name, channel, actor=request.user, at=moment())
        told = ngettext(
            "%(n)s customer comes from there now.", "%(n)s customers come from there now.", n
        )
        messages.success(request, told % {"n": n})
    else:
        messages.error(request, _("Choose the channel that is meant."))
    return redirect("channels")


def _do(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the form was whole and the action took it; what it refused stands at its field."""
    if form.is_valid():
        try:
            act()
        except ValidationError as refused:
            field_error(form, refused)
    return not form.errors
