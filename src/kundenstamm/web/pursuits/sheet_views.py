"""The sheet of a pursuit: reckoned as one types, kept by a button."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kundenstamm.company.queries import profile
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.models import User
from kundenstamm.guard.people import who_could_know
from kundenstamm.guard.rights import RIGHTS, Right, may
from kundenstamm.pursuits import actions, queries
from kundenstamm.pursuits.hands import hands
from kundenstamm.pursuits.models import Pursuit
from kundenstamm.pursuits.rules import Watched
from kundenstamm.pursuits.sheets import Sheet, Step, sheet_of
from kundenstamm.web.care.words import opened, reads
from kundenstamm.web.pursuits import shown
from kundenstamm.web.pursuits.cards import verdict_chip
from kundenstamm.web.pursuits.forms import (
    BookForm,
    HandOverForm,
    MoveForm,
    SheetForm,
    StepsFormSet,
    steps_form,
)
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error


@require_http_methods(["GET", "POST"])
def sheet(request: SignedInRequest, pursuit: UUID) -> HttpResponse:
    """``do=keep`` keeps it; everything else is only reckoned."""
    found = known_or_404(request, pursuit)
    form, steps = _forms(request, found)
    keeping = request.method == "POST" and request.POST.get("do") == "keep"
    if keeping and form.is_valid() and steps.is_valid():
        try:
            told = form.sheet(steps.steps())
            actions.keep_sheet(found, told, actor=request.user, at=moment())
        except ValidationError as refused:
            field_error(form, refused)
        else:
            messages.success(request, _("Kept, with what follows from it today."))
            return redirect("pursuit", pursuit)
    return sheet_page(request, found, form=form, steps=steps)


def sheet_page(request: SignedInRequest, found: Pursuit, **sent: Any) -> HttpResponse:
    """The page, once more with a form that was sent and has errors."""
    if "form" not in sent:
        sent["form"], sent["steps"] = _forms(request, found, fresh=True)
    context = _weighed(request, found, sent["form"], sent["steps"])
    note_read("pursuit", _named(found, context), actor=request.user, at=timezone.now())
    if request.htmx:
        return render(request, "pursuits/weighed.html", context)
    return render(request, "pursuits/pursuit.html", context | _beside(request, found) | sent)


def known_or_404(request: SignedInRequest, key: UUID) -> Pursuit:
    found = queries.known_pursuit(request.user, key)
    if found is None:
        raise Http404
    return found


def _forms(
    request: SignedInRequest, found: Pursuit, *, fresh: bool = False
) -> tuple[SheetForm, StepsFormSet]:
    data = None if fresh or request.method != "POST" else request.POST
    told, today = _told(request.user, found), timezone.localdate()
    pools = hands(today, but=found.pk).rows
    return SheetForm(data, told, pools, today), steps_form(data, told)


def _told(actor: User, found: Pursuit) -> Sheet:
    """The kept sheet; its steps' words for whoever reads what was written about customers."""
    plain = reads(actor)
    told = sheet_of(found, plain=False)
    steps = [
        Step(opened(each, "what", plain=plain), each.minutes, each.money)
        for each in found.steps.all()
    ]
    return replace(told, steps=tuple(steps))


def _weighed(
    request: SignedInRequest, found: Pursuit, form: SheetForm, steps: StepsFormSet
) -> dict[str, Any]:
    """What it comes to; without it where something cannot be read, or nothing stands there yet."""
    currency, spent = profile().currency, queries.spent_on(request.user, found)
    base = {
        "pursuit": found,
        "customer": found.customer,
        "unit": "€" if currency == "EUR" else currency,
    }
    if not found.is_open:
        return base | {"shown": shown.kept(found, currency) if found.figures else None}
    if form.is_bound:
        if not (form.is_valid() & steps.is_valid()):
            unreadable = [form[name] for name in form.errors if name in form.fields]
            return base | {"unreadable": unreadable}
        told = form.sheet(steps.steps())
    else:
        told = _told(request.user, found)
    if told.turnover <= 0:
        return base | {"empty": True}
    try:
        weighed = actions.weigh_now(found, told, actor=request.user, at=moment())
    except ValidationError as refused:
        return base | {"refused": refused.messages}
    return base | {"shown": shown.fresh(weighed, spent, currency)}


def _beside(request: SignedInRequest, found: Pursuit) -> dict[str, Any]:
    """What was spent, the history, and what can be done."""
    pursues, plain = may(request.user, Right.PURSUE), reads(request.user)
    spent = queries.spent_on(request.user, found)
    history = list(queries.history(request.user, found))
    return {
        "pursues": pursues,
        "verdict": verdict_chip(found),
        "watched": Watched(spent, found.limit),
        "spendings": [
            {"of": each, "what": opened(each, "what", plain=plain)}
            for each in queries.spendings(request.user, found)
        ],
        "history": [
            {"of": each, "because": opened(each, "because", plain=plain)} for each in history
        ],
        "move": MoveForm(found, auto_id="move_%s") if pursues else None,
        "book": BookForm(initial={"day": timezone.localdate()}, auto_id="book_%s")
        if pursues and found.is_open
        else None,
        "hand_over": _hand_over(found) if pursues and found.is_open else None,
    }


def _hand_over(found: Pursuit) -> forms.Form | None:
    """To whom it could be given: who pursues, and may know of the customer."""
    roles = [role for role, rights in RIGHTS.items() if Right.PURSUE in rights]
    people = who_could_know().filter(role__in=roles).exclude(pk=found.owner_id)
    able = [each for each in people if actions.may_own(each, found.customer_id)]
    return HandOverForm(able, auto_id="give_%s") if able else None


def _named(found: Pursuit, context: dict[str, Any]) -> list[int]:
    """Its customer, and those that it is judged by."""
    like = (context.get("shown") or {}).get("alike")
    return [found.customer_id, *(each.customer.pk for each in (like.found if like else ()))]
