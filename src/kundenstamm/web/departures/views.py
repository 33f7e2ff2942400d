"""Departures that are confided to the reader, one of them whole, and its letters."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kundenstamm.customers.models import Representative
from kundenstamm.departures import actions
from kundenstamm.departures.frames import LOSS_RATE
from kundenstamm.departures.growing import grown
from kundenstamm.departures.letters import LANGUAGES, letter
from kundenstamm.departures.looking_back import looking_back
from kundenstamm.departures.models import Departure, HandoverLine, Point, State
from kundenstamm.departures.planning import known_lines, prices, representative_of
from kundenstamm.departures.rooms import WEEKS
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.people import is_erased
from kundenstamm.guard.rights import Right, may
from kundenstamm.relations.models import Bond
from kundenstamm.web.departures.forms import DeputyForm, FearForm, NoticeForm, RoomsForm
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error

# The most valuable ones first; all of them on request.
SHOWN = 50
CHIPS = {
    State.FEARED: "at_risk", State.NOTICE: "new", State.GONE: "lost", State.CLOSED: "parted",
    State.WITHDRAWN: "regular",
}  # fmt: skip


@require_http_methods(["GET", "POST"])
def departures(request: SignedInRequest) -> HttpResponse:
    """All that are confided to the reader, and a form that begins one."""
    form = FearForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = actions.fear(told["person"], told["because"], actor=request.user, at=moment())
        except ValidationError as refused:
            field_error(form, refused)
        else:
            messages.success(request, _("Noted. Only owners and who leads this person see it."))
            return redirect("departure", made.key)
    found = Departure.objects.visible_to(request.user).select_related("person")
    rows = [
        {"of": each, "chip": CHIPS[State(each.state)]}
        for each in found.order_by(F("over_at").desc(nulls_first=True), "leaves_at", "-opened_at")
    ]
    context = {"rows": rows, "form": form, "watches": may(request.user, Right.WATCH)}
    return render(request, "departures/departures.html", context)


@require_safe
def departure(request: SignedInRequest, departure: UUID) -> HttpResponse:
    return page(request, known_or_404(request, departure))


def page(
    request: SignedInRequest, found: Departure, notice: NoticeForm | None = None
) -> HttpResponse:
    """One departure: where it stands, who takes over whom, what is left to do."""
    lines = known_lines(found, request.user)
    whole = request.GET.get("all") == "1"
    shown = lines if whole else lines[:SHOWN]
    listed = {each.customer_id for each in shown}
    note_read("departure", listed, actor=request.user, at=timezone.now())
    rows = _rows(lines, listed, grown(lines, request.user))
    context = {
        "more": len(lines) - len(rows),
        "of": found, "chip": CHIPS[State(found.state)], "rows": rows,
        "serves": representative_of(found) is not None,
        "because": found.open("because"), "points": _points(found),
        "at_risk": sum((each.at_risk for each in lines), Decimal(0)),
        "value": sum((each.value for each in lines), Decimal(0)),
        "saved": _saved(lines), "changes": found.changes.select_related("by"),
        "people_right": may(request.user, Right.PEOPLE),
        "notice": notice or NoticeForm(), "deputy": DeputyForm(found),
        "rooms": _rooms(found, lines), "may_erase": _may_erase(found),
        "may_end": found.state in (State.FEARED, State.NOTICE),
        "today": timezone.localdate(),
        "usual": LOSS_RATE, "back": looking_back(found, request.user, timezone.localdate()),
    }  # fmt: skip
    return render(request, "departures/departure.html", context)


def _rows(
    lines: list[HandoverLine], listed: set[int], bonds: dict[int, Bond]
) -> list[dict[str, Any]]:
    """Each line with whom it could go to and what that costs; chosen ones are marked."""
    priced = prices(lines)
    names = {
        str(pk): name
        for pk, name in Representative.objects.filter(
            pk__in=[int(pk) for each in lines[:1] for pk in each.saves]
        ).values_list("pk", "name")
    }
    found = []
    for each in lines:
        if each.customer_id not in listed:
            continue
        told = priced.get(each.pk, {})
        choices = [
            {"pk": pk, "name": names[pk], "price": told[pk],
             "proposed": pk == str(each.proposed_id),
             "chosen": each.successor is not None and pk == str(each.successor.pk)}
            for pk in sorted(told, key=lambda pk: (told[pk], names.get(pk, "")))
            if pk in names
        ]  # fmt: skip
        found.append({
            "of": each, "choices": choices, "kilometres": _way(each), "bond": bonds.get(each.pk),
        })  # fmt: skip
    return found


def _way(line: HandoverLine) -> int | None:
    """Kilometres from where the successor is at home; None where it is not known."""
    of = line.successor
    return line.kilometres.get(str(of.pk)) if of is not None else None


def _rooms(found: Departure, lines: list[HandoverLine]) -> list[dict[str, Any]]:
    """Each colleague with the minutes a week that they have, and that the lines would take."""
    taken: defaultdict[str, float] = defaultdict(float)
    for each in lines:
        if each.successor is not None:
            taken[str(each.successor.pk)] += each.minutes / WEEKS
    form = RoomsForm(found)
    return [
        {"field": field, "taken": taken[field.name.removeprefix("room-")]} for field in form
    ]  # fmt: skip


def _may_erase(found: Departure) -> bool:
    return (
        found.state == State.CLOSED and not found.person.is_active and not is_erased(found.person)
    )


def _saved(lines: list[HandoverLine]) -> Decimal:
    """What all successors together save."""
    return sum(
        (
            Decimal(str(each.saves.get(str(each.successor.pk), 0)))
            for each in lines
            if each.successor is not None
        ),
        Decimal(0),
    )


def _points(found: Departure) -> list[Point]:
    order = {what: at for at, what in enumerate(Point.What.values)}
    return sorted(found.points.select_related("done_by"), key=lambda point: order[point.what])


@require_safe
def print_letter(
    request: SignedInRequest, departure: UUID, key: UUID, language: str
) -> HttpResponse:
    """The letter to one customer alone, for paper."""
    found = known_or_404(request, departure)
    line = next((e for e in known_lines(found, request.user) if e.customer.key == key), None)
    if line is None or language not in LANGUAGES:
        raise Http404
    if found.is_secret:
        raise PermissionDenied(_("Nobody is written to as long as a departure is not certain."))
    note_read("departure-letter", [line.customer_id], actor=request.user, at=timezone.now())
    text = letter(line, language, timezone.localdate())
    context = {"line": line, "of": found, "language": language, "paragraphs": text.split("\n\n")}
    return render(request, "departures/letter.html", context)


def known_or_404(request: SignedInRequest, key: UUID) -> Departure:
    found = Departure.objects.visible_to(request.user).select_related("person", "deputy")
    known = found.filter(key=key).first()
    if known is None:
        raise Http404
    return known
