"""Complaints: what is open, what was solved, one with its history, how long it took."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.care import asking_after, task_actions, task_queries
from kundenstamm.care import complaint_actions as actions
from kundenstamm.care import complaint_queries as queries
from kundenstamm.care.models import Complaint, ComplaintQuerySet
from kundenstamm.care.task_actions import Errand
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.rights import Right, may
from kundenstamm.web.care import complaint_forms, task_cards
from kundenstamm.web.care.attachments import shown
from kundenstamm.web.care.cards import attach_form
from kundenstamm.web.care.complaint_cards import row_of, rows
from kundenstamm.web.care.complaint_forms import FilterForm
from kundenstamm.web.care.survey_cards import row_of as row_of_survey
from kundenstamm.web.care.task_forms import TaskForm
from kundenstamm.web.care.words import opened, reads
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SHOWN = 200


@dataclass(frozen=True)
class Step:
    """Something that can be done with a complaint: form, button, action, and when."""

    form: type[forms.Form]
    label: _StrPromise
    act: Callable[..., Any]
    when_solved: bool | None = False


def _assess(complaint: Complaint, *, cause: str, cost: Any, **by: Any) -> None:
    actions.assess(complaint, cause, cost, **by)


def _answer(complaint: Complaint, *, said: str, **by: Any) -> None:
    actions.answer(complaint, said, **by)


def _solve(complaint: Complaint, *, said: str, asks: bool = False, **by: Any) -> str:
    """Solved it is in any case; whether the customer could be asked is told."""
    actions.solve(complaint, said, **by)
    if not asks:
        return ""
    try:
        asked = asking_after.ask_after(complaint, **by)
    except ValidationError as refused:
        return _("Solved, but not asked: %(why)s") % {"why": " ".join(refused.messages)}
    return _("Solved. %(name)s is asked by mail how it was handled.") % {"name": asked.contact}


def _wish(complaint: Complaint, *, asks: bool = False, **by: Any) -> None:
    asking_after.wish(complaint, asks, **by)


def _hand_over(complaint: Complaint, *, to: Any, said: str, **by: Any) -> None:
    actions.hand_over(complaint, to, said, **by)


def _classify(complaint: Complaint, *, of_class: Any, **by: Any) -> None:
    actions.classify(complaint, of_class, **by)


def _reopen(complaint: Complaint, *, said: str, **by: Any) -> None:
    actions.reopen(complaint, said, **by)


def _set_task(complaint: Complaint, *, what: str, due: Any, owner: Any, **by: Any) -> None:
    task_actions.set_task(complaint.customer, Errand(what, due, owner, complaint), **by)


# ``when_solved`` None: at any time.
STEPS = {
    "answer": Step(complaint_forms.AnswerForm, _("Answer the customer"), _answer),
    "solve": Step(complaint_forms.SolveForm, _("Solve it"), _solve),
    "reopen": Step(complaint_forms.ReopenForm, _("Open again"), _reopen, when_solved=True),
    "assess": Step(complaint_forms.AssessForm, _("Cause and cost"), _assess, when_solved=None),
    "hand-over": Step(complaint_forms.PassOnForm, _("Hand over"), _hand_over),
    "ask-after": Step(complaint_forms.AskAfterForm, _("Ask after the solution"), _wish),
    "classify": Step(complaint_forms.ClassForm, _("Change the class"), _classify),
    "task": Step(TaskForm, _("Set task"), _set_task),
}


@require_safe
def still_open(request: SignedInRequest) -> HttpResponse:
    """What is open, the next deadline first; by cause and class."""
    found = queries.complaints(request.user).still_open().by_deadline()
    return _list(request, "complaints", found)


@require_safe
def solved(request: SignedInRequest) -> HttpResponse:
    """What was solved, the latest first; by cause and class."""
    found = queries.complaints(request.user).exclude(solved_at=None)
    return _list(request, "solved-complaints", found.order_by("-solved_at", "-pk"))


def _list(request: SignedInRequest, tab: str, found: ComplaintQuerySet) -> HttpResponse:
    """As many as a page takes of those that the filter lets through."""
    form = FilterForm(request.GET, auto_id="filter_%s")
    form.is_valid()
    wanted = {name: each for name, each in form.cleaned_data.items() if each}
    listed = list(found.filter(**wanted)[: SHOWN + 1])
    _note(request, tab, listed[:SHOWN])
    context = {
        "rows": rows(listed[:SHOWN], timezone.now()), "form": form, "filtered": bool(wanted),
        "shortened": len(listed) > SHOWN, "shown": SHOWN, "tab": tab,
    }  # fmt: skip
    return render(request, f"care/{tab.replace('-', '_')}.html", context | _rights(request))


@require_safe
def complaint(request: SignedInRequest, complaint: UUID) -> HttpResponse:
    """One complaint with its history, its tasks, and what can be done."""
    return _page(request, _held(request, complaint))


@require_POST
def step(request: SignedInRequest, complaint: UUID, step: str) -> HttpResponse:
    """Whatever happens to a complaint: one form, one action."""
    held, wanted = _held(request, complaint), STEPS.get(step)
    if wanted is None:
        raise Http404
    form = wanted.form(request.POST, auto_id=f"{step}_%s")
    told = None
    if form.is_valid():
        try:
            told = wanted.act(held, **form.cleaned_data, actor=request.user, at=moment())
        except ValidationError as refused:
            field_error(form, refused)
    if form.errors and wanted.when_solved in (None, held.solved):
        return _page(request, held, step, form)
    if form.errors:
        # Somebody else was faster, and the form is there no more.
        messages.error(request, _("This was not possible any more: see what has become of it."))
        return redirect("complaint", complaint)
    messages.success(request, told or _("Saved."))
    return redirect("complaint", complaint)


def _page(
    request: SignedInRequest, held: Complaint, sent: str = "", form: forms.Form | None = None
) -> HttpResponse:
    _note(request, "complaint", [held])
    plain = reads(request.user)
    tasks = list(task_queries.of_complaint(request.user, held))
    handled = asking_after.asked_after(request.user, held)
    context = {
        "complaint": held,
        "row": row_of(held, timezone.now()),
        "complained": {
            "of": held.interaction,
            "files": shown(request.user, [held.interaction]).get(held.interaction_id, []),
            "attach": attach_form(request.user, held.interaction),
        },
        "said": opened(held.interaction, "note", plain=plain),
        "steps": [
            {"of": each, "said": opened(each, "said", plain=plain)}
            for each in queries.steps(request.user, held)
        ],
        "tasks": task_cards.rows(request.user, tasks, timezone.localdate()),
        "forms": _forms(request, held, sent, form),
        "handled": handled and row_of_survey(handled, request.user),
    }
    return render(request, "care/complaint.html", context | _rights(request))


def _forms(
    request: SignedInRequest, held: Complaint, sent: str, form: forms.Form | None
) -> list[dict[str, Any]]:
    """What the reader may do now; the one that was sent, or comes next, is open."""
    if not may(request.user, Right.RECORD):
        return []
    following = "" if held.solved else "solve" if held.answered_at else "answer"
    asks = {"asks": held.asks_after}
    begins: dict[str, dict[str, Any]] = {
        "solve": asks,
        "ask-after": asks,
        "assess": {"cause": held.cause, "cost": held.cost},
        "classify": {"of_class": held.of_class_id},
        "hand-over": {"to": held.owner_id},
        "task": {"owner": held.owner_id, "due": timezone.localdate()},
    }
    return [
        {
            "name": name,
            "label": each.label,
            "open": name == (sent or following),
            "form": form
            if name == sent
            else each.form(initial=begins.get(name), auto_id=f"{name}_%s"),
        }
        for name, each in STEPS.items()
        if each.when_solved in (None, held.solved) and (name != "ask-after" or settings.MAIL_HOST)
    ]


def _held(request: SignedInRequest, key: UUID) -> Complaint:
    found = queries.complaints(request.user).select_related("interaction", "opened_by")
    held = found.filter(key=key).first()
    if held is None:
        raise Http404
    return held


def _rights(request: SignedInRequest) -> dict[str, bool]:
    return {
        "records": may(request.user, Right.RECORD),
        "keeps_classes": may(request.user, Right.COMPANY),
    }


def _note(request: SignedInRequest, what: str, shown: list[Complaint]) -> None:
    about = [each.customer_id for each in shown]
    note_read(what, about, actor=request.user, at=timezone.now())
