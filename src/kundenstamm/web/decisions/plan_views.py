"""One plan of repair: what was measured and expected, the letter, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.company.queries import profile
from kundenstamm.decisions import repair_actions as actions
from kundenstamm.decisions.following_up import follow_ups
from kundenstamm.decisions.letters import LANGUAGES, draft, letter
from kundenstamm.decisions.models import RepairPlan, Rung
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.rights import Right, may
from kundenstamm.web.decisions import repair_words as words
from kundenstamm.web.decisions.repair_forms import LetterForm, PartForm, PlanEndForm
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error


@require_safe
def plan(request: SignedInRequest, repair_plan: UUID) -> HttpResponse:
    return _page(request, repair_plan)


def _page(
    request: SignedInRequest, key: UUID, sent: forms.Form | None = None, language: str = ""
) -> HttpResponse:
    """The plan, once more with a form that was sent and has errors."""
    found, today = known_plan(request, key), timezone.localdate()
    note_read("repair-plan", [found.customer_id], actor=request.user, at=timezone.now())
    told, currency = found.figures, profile().currency
    language = language or _language(request.GET.get("letter", ""))
    text = letter(found, language, today)
    context = {
        "plan": found,
        "customer": found.customer,
        "says": words.size(found.rung, float(found.size), currency),
        "told": told,
        "span": _span(told, currency),
        "follow_ups": [(each, words.reached(each)) for each in _follow_ups(request, found, today)],
        "letting_go": found.rung == Rung.LET_GO,
        "languages": LANGUAGES,
        "language": language,
        "text": text,
        "written": bool(found.letter(language)),
    }
    context |= _forms(request, found, sent, text)
    return render(request, "decisions/repair_plan.html", context)


def _span(told: dict[str, Any], currency: str) -> str:
    low, high = told.get("interval", (0.0, 0.0))
    return words.span(low, high, currency) if told else ""


def _follow_ups(request: SignedInRequest, found: RepairPlan, today: date) -> Any:
    return follow_ups(request.user, found, actions.day_of_books(today))


def _forms(
    request: SignedInRequest, found: RepairPlan, sent: forms.Form | None, text: str
) -> dict[str, Any]:
    """What this person may do with the plan now."""
    actor, gone = request.user, found.customer.parted_on is not None
    begins: dict[type[forms.Form], tuple[str, Callable[[], forms.Form], bool]] = {
        LetterForm: ("letter_form", lambda: LetterForm(initial={"text": text}),
                     may(actor, Right.SIGN)),
        PlanEndForm: ("end_form", lambda: PlanEndForm(auto_id="end_%s"),
                      found.is_running and may(actor, Right.PART if gone else Right.SIGN)),
        PartForm: ("part_form", lambda: PartForm(initial={"last_day": found.starts_on}),
                   found.is_running and not gone and found.rung == Rung.LET_GO
                   and may(actor, Right.PART)),
    }  # fmt: skip
    return {
        name: (sent if isinstance(sent, kind) else new()) if allowed else None
        for kind, (name, new, allowed) in begins.items()
    }


@require_safe
def print_letter(request: SignedInRequest, repair_plan: UUID, language: str) -> HttpResponse:
    """The letter alone, for paper."""
    found = known_plan(request, repair_plan)
    if language not in LANGUAGES:
        raise Http404
    note_read("repair-letter", [found.customer_id], actor=request.user, at=timezone.now())
    text = letter(found, language, timezone.localdate())
    context = {"plan": found, "language": language, "paragraphs": text.split("\n\n")}
    return render(request, "decisions/repair_letter.html", context)


@require_POST
def write(request: SignedInRequest, repair_plan: UUID, language: str) -> HttpResponse:
    """Keep the letter; what is the draft again needs no keeping."""
    found, form = known_plan(request, repair_plan), LetterForm(request.POST)
    if language not in LANGUAGES:
        raise Http404
    if not form.is_valid():
        return _page(request, repair_plan, form, language)
    text = form.cleaned_data["text"].replace("\r\n", "\n").strip()
    same = text == draft(found, language, timezone.localdate())
    actions.write_letter(found, language, "" if same else text, actor=request.user, at=moment())
    messages.success(request, _("Saved."))
    response = redirect("repair-plan", repair_plan)
    response["Location"] += f"?letter={language}#letter"
    return response


@require_POST
def end(request: SignedInRequest, repair_plan: UUID) -> HttpResponse:
    """The plan is over; a customer that was let go is one again."""
    found, form = known_plan(request, repair_plan), PlanEndForm(request.POST, auto_id="end_%s")
    deed = actions.take_back if found.customer.parted_on else actions.end_plan

    def done() -> None:
        deed(found, reason=form.cleaned_data["reason"], actor=request.user, at=moment())

    return _do(request, repair_plan, form, done)


@require_POST
def part(request: SignedInRequest, repair_plan: UUID) -> HttpResponse:
    """We end the relationship."""
    found, form = known_plan(request, repair_plan), PartForm(request.POST)

    def done() -> None:
        actions.let_go(found, form.cleaned_data["last_day"], actor=request.user, at=moment())

    return _do(request, repair_plan, form, done)


def _do(
    request: SignedInRequest, key: UUID, form: forms.Form, deed: Callable[[], None]
) -> HttpResponse:
    if form.is_valid():
        try:
            deed()
        except ValidationError as refused:
            field_error(form, refused)
    if form.errors:
        return _page(request, key, form)
    messages.success(request, _("Saved."))
    return redirect("repair-plan", key)


def known_plan(request: SignedInRequest, key: UUID) -> RepairPlan:
    known = RepairPlan.objects.visible_to(request.user).filter(customer__withdrawn=False)
    return get_object_or_404(known.select_related("customer", "chosen_by", "ended_by"), key=key)


def _language(asked: str) -> str:
    if asked in LANGUAGES:
        return asked
    return "en" if get_language() == "en" else "de"
