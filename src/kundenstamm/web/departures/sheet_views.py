"""What must not be lost of contacts: all sheets that the reader may know, and one of them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kundenstamm.departures import sheets as room
from kundenstamm.guard.audit import note_read
from kundenstamm.web.departures.forms import SheetForm
from kundenstamm.web.shell.requests import SignedInRequest, moment


@require_safe
def sheets(request: SignedInRequest) -> HttpResponse:
    found = list(room.sheets(request.user))
    shown = {each.customer_id for each in found}
    note_read("handover-sheets", shown, actor=request.user, at=timezone.now())
    return render(request, "departures/sheets.html", {"rows": found})


@require_http_methods(["GET", "POST"])
def sheet(request: SignedInRequest, sheet: UUID) -> HttpResponse:
    found = room.sheets(request.user).filter(key=sheet).first()
    if found is None:
        raise Http404
    if request.method == "POST" and "erase" in request.POST:
        room.erase(found, actor=request.user, at=moment())
        messages.success(request, _("Erased."))
        return redirect("handover-sheet", sheet)
    form = SheetForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        room.write(found, form.cleaned_data, actor=request.user, at=moment())
        messages.success(request, _("Saved."))
        return redirect("handover-sheets")
    note_read("handover-sheet", [found.customer_id], actor=request.user, at=timezone.now())
    return render(request, "departures/sheet.html", {"of": found, "form": form})
