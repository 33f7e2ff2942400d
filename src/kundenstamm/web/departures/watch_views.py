"""Unusual reading of those who leave: pseudonyms, scores, reasons; names once two people agree."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.departures import watching
from kundenstamm.departures.models import WatchLook, WatchOpening
from kundenstamm.guard.rights import Right, may
from kundenstamm.web.shell.requests import SignedInRequest, moment

LOOKS = 20


class SwitchForm(forms.Form):
    on = forms.BooleanField(label=gettext_lazy("Watch for unusual reading"), required=False)
    keep_days = forms.IntegerField(
        label=gettext_lazy("Days after the end until all of it is deleted"),
        min_value=1, max_value=365,
    )  # fmt: skip


@require_safe
def watch(request: SignedInRequest) -> HttpResponse:
    found = watching.look(actor=request.user, at=moment())
    held = watching.switch()
    context = {
        "rows": [
            {"of": each, "reasons": [reason.as_data() for reason in each.scored.reasons],
             "mine": each.opening is not None and each.opening.asked_by_id == request.user.pk,
             "because": each.opening.open("because") if each.opening else ""}
            for each in found
        ],
        "switch": held, "looks": WatchLook.objects.select_related("by")[:LOOKS] if held.on else [],
        "form": SwitchForm(initial={"on": held.on, "keep_days": held.keep_days}),
        "switches": may(request.user, Right.PEOPLE),
    }  # fmt: skip
    return render(request, "departures/watch.html", context)


@require_POST
def do(request: SignedInRequest) -> HttpResponse:
    """Switched, asked or agreed: whichever button was pressed."""
    try:
        _do(request)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Saved."))
    return redirect("watch")


def _do(request: SignedInRequest) -> None:
    deed, actor, at = request.POST.get("deed", ""), request.user, moment()
    if deed == "switch":
        form = SwitchForm(request.POST)
        if not form.is_valid():
            raise ValidationError(_("Enter days from 1 to 365."))
        told = form.cleaned_data
        watching.switch_to(told["on"], told["keep_days"], actor=actor, at=at)
        return
    try:
        which = UUID(request.POST.get("watch", ""))
    except ValueError:
        raise Http404 from None
    if deed == "ask":
        watching.ask(which, request.POST.get("because", ""), actor=actor, at=at)
        return
    opening = WatchOpening.objects.visible_to(actor).filter(watch=which).first()
    if deed != "agree" or opening is None:
        raise Http404
    watching.agree(opening, actor=actor, at=at)
