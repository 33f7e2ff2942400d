"""Who is away for a while, and who stands in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kundenstamm.departures import absences as room
from kundenstamm.departures.models import Absence
from kundenstamm.web.departures.forms import AbsenceForm
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error

# Those that are over, the latest ones.
PAST = 20


@require_http_methods(["GET", "POST"])
def absences(request: SignedInRequest) -> HttpResponse:
    """Those of the people whom the reader leads, and a form that enters one."""
    form = AbsenceForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        days = (told["starts"], told["ends"])
        try:
            room.send_away(told["person"], told["deputy"], *days, actor=request.user, at=moment())
        except ValidationError as refused:
            field_error(form, refused)
        else:
            messages.success(request, _("Entered. The deputy serves these customers meanwhile."))
            return redirect("absences")
    return render(request, "departures/absences.html", {"rows": _rows(request), "form": form})


def _rows(request: SignedInRequest) -> list[dict[str, Any]]:
    today = timezone.localdate()
    known = Absence.objects.visible_to(request.user).select_related("person", "deputy")
    lasting = list(known.lasting(today).order_by("starts", "pk"))
    past = known.exclude(pk__in=[each.pk for each in lasting]).order_by("-ends", "-pk")
    now = [{"of": each, "state": "now" if each.starts <= today else "planned"} for each in lasting]
    return now + [
        {"of": each, "state": "over" if each.ends >= each.starts else "off"}
        for each in past[:PAST]
    ]  # fmt: skip


@require_POST
def back(request: SignedInRequest, absence: UUID) -> HttpResponse:
    """Back sooner than was entered, or it does not come to it."""
    found = Absence.objects.visible_to(request.user).filter(key=absence).first()
    if found is None:
        raise Http404
    try:
        room.call_back(found, actor=request.user, at=moment())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Noted. What the deputy had goes back."))
    return redirect("absences")
