"""What is to be done: my day, my team's, one task with what has become of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
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

from kundenstamm.care import task_actions, task_queries
from kundenstamm.care.feed_actions import feed_of
from kundenstamm.care.models import Mention, Task
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Reach, reach_of
from kundenstamm.playbooks.queries import play_of
from kundenstamm.web.care.mention_views import mention_rows
from kundenstamm.web.care.task_cards import in_parts, rows
from kundenstamm.web.care.task_forms import (
    DropForm,
    FinishForm,
    HandOverForm,
    PutOffForm,
    TaskForm,
)
from kundenstamm.web.care.words import opened, reads
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.customers.sheet_views import customer_page
from kundenstamm.web.shell.requests import SignedInRequest, moment, own_address
from kundenstamm.web.terms.forms import field_error

SHOWN = 200


@require_safe
def my_day(request: SignedInRequest) -> HttpResponse:
    """What the reader is to do: overdue, today, this week, later."""
    return day_page(request)


def day_page(request: SignedInRequest, **more: Any) -> HttpResponse:
    """One's own tasks; ``more`` is what a form beside them has to say."""
    found = list(task_queries.mine(request.user)[: SHOWN + 1])
    shown, mentions = found[:SHOWN], mention_rows(request.user)
    _note(request, "tasks", [*shown, *(row.of for row in mentions)])
    context = {
        "parts": in_parts(rows(request.user, shown, timezone.localdate())),
        "shortened": len(found) > SHOWN,
        "shown": SHOWN,
        "leads": _leads(request),
        "feed": feed_of(request.user),
        "mentions": mentions,
        "tab": "tasks",
    }
    return render(request, "care/tasks.html", context | more)


@require_safe
def my_team(request: SignedInRequest) -> HttpResponse:
    """Who has how much to do, and the most urgent of all of them, of customers the reader knows."""
    if not _leads(request):
        raise Http404
    today = timezone.localdate()
    asked = request.GET.get("who", "")
    found = task_queries.tasks(request.user).still_open().by_due()
    if asked.isdecimal():
        found = found.filter(owner=int(asked[:9]))
    shown = list(found[: SHOWN + 1])
    _note(request, "team-tasks", shown[:SHOWN])
    context = {
        "loads": task_queries.loads(request.user, today),
        "rows": rows(request.user, shown[:SHOWN], today),
        "shortened": len(shown) > SHOWN,
        "shown": SHOWN,
        "who": asked,
        "leads": True,
        "tab": "team-tasks",
    }
    return render(request, "care/team_tasks.html", context)


@require_safe
def task(request: SignedInRequest, task: UUID) -> HttpResponse:
    """One task: what it is, what has become of it, and what can be done with it."""
    return _task_page(request, _held(request, task))


@require_POST
def set_task(request: SignedInRequest, key: UUID) -> HttpResponse:
    """One more, by the line on the customer's page."""
    who, form = known_or_404(request, key), TaskForm(request.POST, auto_id="task_%s")
    if form.is_valid():
        try:
            task_actions.set_task(who, form.errand(), actor=request.user, at=moment())
        except ValidationError as refused:
            field_error(form, refused)
    if form.errors:
        return customer_page(request, key, form)
    messages.success(request, _("The task is set."))
    return redirect(reverse("customer", args=[key]) + "#tasks")


@require_POST
def finish(request: SignedInRequest, task: UUID) -> HttpResponse:
    """Done, by one click from any list."""
    held, form = _held(request, task), FinishForm(request.POST)
    try:
        outcome = form.cleaned_data["outcome"] if form.is_valid() else "?"
        task_actions.finish(held, outcome or "done", actor=request.user, at=moment())
        messages.success(request, _("Done. The task is off the list."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return _back(request)


@require_POST
def hand_over(request: SignedInRequest, task: UUID) -> HttpResponse:
    """To somebody else, with the reason."""

    def act(held: Task, *, to: User, because: str, **by: Any) -> str:
        task_actions.hand_over(held, to, because, **by)
        return _("Handed over to %(name)s.") % {"name": to.name}

    return _change(request, task, HandOverForm(request.POST, auto_id="over_%s"), act)


@require_POST
def put_off(request: SignedInRequest, task: UUID) -> HttpResponse:
    """Until another day, with the reason."""

    def act(held: Task, *, due: date, because: str, **by: Any) -> str:
        task_actions.put_off(held, due, because, **by)
        return _("Put off.")

    return _change(request, task, PutOffForm(request.POST, auto_id="off_%s"), act)


@require_POST
def drop(request: SignedInRequest, task: UUID) -> HttpResponse:
    """Not to be done any more, with the reason."""

    def act(held: Task, *, because: str, **by: Any) -> str:
        task_actions.drop(held, because, **by)
        return _("Dropped. It stays on record with the reason.")

    return _change(request, task, DropForm(request.POST, auto_id="drop_%s"), act)


def _change(
    request: SignedInRequest, task: UUID, form: forms.Form, act: Callable[..., str]
) -> HttpResponse:
    """``act`` with what the form says, and tell what it answers; else the form with its errors."""
    held = _held(request, task)
    if form.is_valid():
        try:
            said = act(held, **form.cleaned_data, actor=request.user, at=moment())
        except ValidationError as refused:
            field_error(form, refused)
        else:
            messages.success(request, said)
            return redirect("task", task)
    return _task_page(request, held, form)


def _task_page(
    request: SignedInRequest, held: Task, sent: forms.Form | None = None
) -> HttpResponse:
    _note(request, "task", [held])
    if sent is not None and held.ended:
        messages.error(request, _("This task has ended already."))
    plain = reads(request.user)
    context = {
        "task": held,
        "row": rows(request.user, [held], timezone.localdate())[0],
        "steps": [
            {"of": step, "because": opened(step, "because", plain=plain)}
            for step in task_queries.steps(request.user, held)
        ],
        "play": play_of(request.user, held),
        "forms": None if held.ended else _forms(held, sent),
    }
    return render(request, "care/task.html", context)


def _forms(held: Task, sent: forms.Form | None) -> dict[str, forms.Form]:
    fresh = {
        "finish": FinishForm(auto_id="finish_%s"),
        "over": HandOverForm(auto_id="over_%s", initial={"to": held.owner_id}),
        "off": PutOffForm(auto_id="off_%s"),
        "drop": DropForm(auto_id="drop_%s"),
    }
    return {name: sent if type(sent) is type(form) else form for name, form in fresh.items()}


def _held(request: SignedInRequest, key: UUID) -> Task:
    found = task_queries.tasks(request.user).filter(key=key).first()
    if found is None:
        raise Http404
    return found


def _leads(request: SignedInRequest) -> bool:
    return reach_of(request.user) in (Reach.TEAM, Reach.ALL)


def _note(request: SignedInRequest, what: str, shown: Sequence[Task | Mention]) -> None:
    about = [each.customer_id for each in shown]
    note_read(what, about, actor=request.user, at=timezone.now())


def _back(request: SignedInRequest) -> HttpResponse:
    """To the list that the click came from."""
    return redirect(own_address(request, request.POST.get("next", ""), reverse("tasks")))
