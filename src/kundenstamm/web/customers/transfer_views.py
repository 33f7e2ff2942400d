"""All customers of one representative to another: how many they are, and then doing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.customers.actions import transfer
from kundenstamm.customers.queries import to_hand_over
from kundenstamm.web.customers.forms import TransferForm
from kundenstamm.web.shell.figures import number
from kundenstamm.web.shell.requests import SignedInRequest, moment


@require_safe
def transfer_page(request: SignedInRequest) -> HttpResponse:
    """The form; once it is filled in, also how many customers it is about."""
    first = {"starts": timezone.localdate(), "of": request.GET.get("of", "")}
    filled = "to" in request.GET
    return _page(request, TransferForm(request.GET if filled else None, initial=first))


@require_POST
def hand_over(request: SignedInRequest) -> HttpResponse:
    form = TransferForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    told = form.cleaned_data
    moved = transfer(told["of"], told["to"], told["starts"], actor=request.user, at=moment())
    words = ngettext(
        "%(count)s customer handed over to %(name)s.",
        "%(count)s customers handed over to %(name)s.",
        moved,
    )
    messages.success(request, words % {"count": number(moved), "name": told["to"].name})
    return redirect("transfer")


def _page(request: SignedInRequest, form: TransferForm) -> HttpResponse:
    count = None
    if form.is_valid():
        found = to_hand_over(request.user, form.cleaned_data["of"], form.cleaned_data["starts"])
        count = found.values("customer").distinct().count()
    return render(request, "customers/transfer.html", {"form": form, "count": count})
