"""What is done with a departure: whichever button was pressed."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kundenstamm.customers.models import Representative
from kundenstamm.departures import (
    actions,
    ending,
    erasing,
    introducing,
    planning,
    returning,
    sheets,
)
from kundenstamm.departures.models import Departure
from kundenstamm.guard.people_actions import Refused
from kundenstamm.web.departures.forms import DeputyForm, NoticeForm, RoomsForm
from kundenstamm.web.departures.views import known_or_404, page
from kundenstamm.web.shell.requests import SignedInRequest, moment


@require_POST
def do(request: SignedInRequest, departure: UUID) -> HttpResponse:
    found = known_or_404(request, departure)
    deed = request.POST.get("deed", "")
    if deed == "notice":
        return _notice(request, found)
    if deed not in DEEDS:
        raise Http404
    try:
        messages.success(request, DEEDS[deed](request, found))
    except (ValidationError, Refused) as refused:
        messages.error(request, _told(refused))
    return redirect("departure", departure)


@require_POST
def choose(request: SignedInRequest, departure: UUID) -> HttpResponse:
    """Who takes over one customer: by its key and the id of the representative."""
    found, told = known_or_404(request, departure), request.POST.get("to", "")
    key = request.POST.get("customer", "")
    lines = planning.known_lines(found, request.user)
    line = next((each for each in lines if str(each.customer.key) == key), None)
    if line is None or not (told.isdigit() and len(told) < 18):
        raise Http404
    try:
        to = Representative.objects.filter(pk=int(told)).first()
        planning.choose(line, to, actor=request.user, at=moment())
    except ValidationError as refused:
        messages.error(request, _told(refused))
    else:
        messages.success(request, f"{line.customer.name}: {line.successor}")
    return redirect(reverse("departure", args=[departure]) + "#lines")


def _notice(request: SignedInRequest, found: Departure) -> HttpResponse:
    form = NoticeForm(request.POST)
    if form.is_valid():
        try:
            actions.give_notice(found, form.moment(), actor=request.user, at=moment())
        except ValidationError as refused:
            form.add_error("day", _told(refused))
        else:
            messages.success(request, _("All rights end at the hour that you have set."))
            return redirect("departure", found.key)
    return page(request, found, form)


def _propose(request: SignedInRequest, found: Departure) -> str:
    form = RoomsForm(found, request.POST)
    if not form.is_valid():
        raise ValidationError(_("Enter whole minutes a week, or leave the field empty."))
    number = planning.propose(found, form.rooms(), actor=request.user, at=moment())
    return ngettext(
        "A successor is proposed for %(n)s customer.",
        "A successor is proposed for %(n)s customers.",
        number,
    ) % {"n": number}


def _visits(request: SignedInRequest, found: Departure) -> str:
    number = len(introducing.plan_visits(found, actor=request.user, at=moment()))
    return ngettext(
        "%(n)s visit is planned as a task.", "%(n)s visits are planned as tasks.", number
    ) % {"n": number}


def _sheets(request: SignedInRequest, found: Departure) -> str:
    number = sheets.prepare(found, actor=request.user, at=moment())
    return ngettext("%(n)s sheet is new.", "%(n)s sheets are new.", number) % {"n": number}


def _withdraw(request: SignedInRequest, found: Departure) -> str:
    actions.withdraw(found, actor=request.user, at=moment())
    return _("Noted: %(name)s stays.") % {"name": found.person.name}


def _end(request: SignedInRequest, found: Departure) -> str:
    if request.POST.get("sure") != "yes":
        raise ValidationError(_("Tick the box first: all rights end at once."))
    ending.end_rights(found, actor=request.user, at=moment())
    return _("All rights of %(name)s have ended.") % {"name": found.person.name}


def _close(request: SignedInRequest, found: Departure) -> str:
    actions.close(found, actor=request.user, at=moment())
    return _("Closed.")


def _erase(request: SignedInRequest, found: Departure) -> str:
    if request.POST.get("sure") != "yes":
        raise ValidationError(_("Tick the box first: this cannot be undone."))
    name = erasing.erase(found, actor=request.user, at=moment())
    return _("Erased. What was done stays under “%(name)s”.") % {"name": name}


def _return(request: SignedInRequest, found: Departure) -> str:
    token = returning.take_back(found, actor=request.user, at=moment())
    link = request.build_absolute_uri(reverse("invitation", args=[token]))
    return _("Come in by this link, once and within seven days: %(link)s") % {"link": link}


def _deputy(request: SignedInRequest, found: Departure) -> str:
    form = DeputyForm(found, request.POST)
    if not form.is_valid():
        raise ValidationError(_("Choose somebody else."))
    actions.name_deputy(found, form.cleaned_data["deputy"], actor=request.user, at=moment())
    return _("Saved.")


def _tick(request: SignedInRequest, found: Departure) -> str:
    point = found.points.filter(what=request.POST.get("what", "")).first()
    if point is None:
        raise Http404
    actions.tick(point, point.done_at is None, actor=request.user, at=moment())
    return _("Saved.")


DEEDS: dict[str, Callable[[SignedInRequest, Departure], str]] = {
    "propose": _propose, "visits": _visits, "sheets": _sheets, "withdraw": _withdraw,
    "end": _end, "close": _close, "erase": _erase, "return": _return, "deputy": _deputy,
    "tick": _tick,
}  # fmt: skip


def _told(refused: ValidationError | Refused) -> str:
    return " ".join(refused.messages) if isinstance(refused, ValidationError) else str(refused)
