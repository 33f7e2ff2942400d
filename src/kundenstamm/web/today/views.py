"""What should I do now? The day's steps, and the answers to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.customers.models import Customer
from kundenstamm.departures.joining.reading import has_new_customers
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.queries import sees_whole_base
from kundenstamm.guard.rights import Reach, reach_of
from kundenstamm.today import actions, queries
from kundenstamm.today.preparing import latest
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.shell.requests import SignedInRequest, moment, own_address
from kundenstamm.web.terms.forms import field_error
from kundenstamm.web.today.forms import DoneForm, GiveForm, NotNowForm, WishForm, colleagues
from kundenstamm.web.today.rows import answered_rows, rows


@require_safe
def today(request: SignedInRequest) -> HttpResponse:
    """The steps that fit into the reader's day and save most, and what was answered today."""
    return today_page(request)


def today_page(
    request: SignedInRequest,
    sent: tuple[Customer, forms.Form] | None = None,
    wish: WishForm | None = None,
) -> HttpResponse:
    """The page, once more with a form that was sent and has errors."""
    actor, day = request.user, timezone.localdate()
    mine = request.GET.get("of") == "mine"
    found = queries.day_of(actor, day, mine=mine)
    steps = list(found.steps)
    if sent and all(each.customer_id != sent[0].pk for each in steps):
        steps += filter(None, [queries.step_of(actor, sent[0], day)])
    answered = answered_rows(actor, day)
    shown = [each.customer_id for each in steps] + [each.of.customer_id for each in answered]
    note_read("today", shown, actor=actor, at=timezone.now())
    context = {
        "day": found,
        "date": day,
        "rows": rows(actor, steps, day, {sent[0].pk: sent[1]} if sent else None),
        "answered": answered,
        "prepared": latest(),
        "recorded": queries.anything_recorded(actor, shown),
        "mine": mine,
        "new_customers": has_new_customers(actor, day),
        "whole": sees_whole_base(actor),
        "narrows": reach_of(actor) in (Reach.TEAM, Reach.ALL),
        "wish": wish or WishForm(instance=found.wish),
    }
    return render(request, "today/today.html", context)


@require_POST
def done(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Taken, with what came out."""
    form = DoneForm(request.POST)

    def answer(who: Customer) -> str:
        actions.done(who, form.doing(), actor=request.user, at=moment())
        return _("Done, and recorded.")

    return _answer(request, key, form, answer)


@require_POST
def not_now(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Off the list until a day."""
    form = NotNowForm(request.POST)

    def answer(who: Customer) -> str:
        told = form.cleaned_data
        actions.not_now(who, told["until"], told["because"], actor=request.user, at=moment())
        return _("Put off.")

    return _answer(request, key, form, answer)


@require_POST
def give(request: SignedInRequest, key: UUID) -> HttpResponse:
    """To somebody else, as a task."""
    form = GiveForm(request.POST, people=colleagues(request.user))

    def answer(who: Customer) -> str:
        errand = form.errand()
        actions.give(who, errand, actor=request.user, at=moment())
        return _("Given to %(name)s, as a task.") % {"name": errand.owner.name}

    return _answer(request, key, form, answer)


@require_POST
def undo(request: SignedInRequest, answer: UUID) -> HttpResponse:
    """Take back what was answered today."""
    found = queries.answered(request.user, timezone.localdate()).filter(key=answer).first()
    if found is None:
        raise Http404
    try:
        actions.undo(found, actor=request.user, at=moment())
        messages.success(request, _("Taken back. It is on the list again."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("today")


@require_POST
def wish(request: SignedInRequest) -> HttpResponse:
    """How the reader wants the day."""
    form = WishForm(request.POST, instance=queries.wish_of(request.user))
    if not form.is_valid():
        return today_page(request, wish=form)
    told = form.cleaned_data
    actions.wish(
        told["minutes"], morning_mail=told["morning_mail"],
        names_customers=told["names_customers"], actor=request.user, at=moment(),
    )  # fmt: skip
    messages.success(request, _("Saved."))
    return redirect("today")


def _answer(
    request: SignedInRequest, key: UUID, form: Any, act: Callable[[Customer], str]
) -> HttpResponse:
    """An error shows the page again; else it goes back to where one was."""
    who = known_or_404(request, key)
    if form.is_valid():
        try:
            messages.success(request, act(who))
        except ValidationError as refused:
            field_error(form, refused)
    if form.errors:
        return today_page(request, (who, form))
    return redirect(own_address(request, request.POST.get("next", ""), reverse("today")))
