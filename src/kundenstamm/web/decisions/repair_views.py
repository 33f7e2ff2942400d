"""Who loses, and what could be done about it: the list, and one customer's ladder."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Customer
from kundenstamm.decisions import repair_actions as actions
from kundenstamm.decisions.following_up import months_over
from kundenstamm.decisions.models import RepairPlan
from kundenstamm.decisions.models.repair import RepairPlanQuerySet
from kundenstamm.decisions.queries.losses import LossMakers, loss_makers, losses_of
from kundenstamm.decisions.repairing import Assumed, Ladder, reckoned
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.rights import Right, may
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.lifecycle.queries.runs import day_told
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.decisions import repair_words as words
from kundenstamm.web.decisions.repair_forms import (
    OF_ALL,
    OF_RUNG,
    AssumptionsForm,
    ChoiceForm,
    suggested,
)
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error
from kundenstamm.worth.decisions.rungs import Assumptions, Rung

SHOWN = 25
# A letter takes its time, and so does whoever gets it.
NOTICE = timedelta(days=60)
AS_SUGGESTED = Assumed(Assumptions())


@require_safe
def repairs(request: SignedInRequest) -> HttpResponse:
    """Customers that lose, the worst first, each with what is advised."""
    start = _start(request.GET.get("from", ""))
    found = loss_makers(request.user, start, SHOWN)
    plans = RepairPlan.objects.visible_to(request.user).running()
    today = timezone.localdate()
    running = _running(plans, found.as_of if found else day_told(today))
    of = {plan.customer_id: plan for plan in running}
    shown = {each.customer_id for each in found.estimates} if found else set()
    shown |= {plan.customer_id for plan in running[:SHOWN]}
    currency = profile().currency
    note_read("repairs", shown, actor=request.user, at=timezone.now())
    context = {
        "found": found,
        "rows": [_row(each, found, of.get(each.customer_id), currency) for each in found.estimates]
        if found
        else [],
        "running": running[:SHOWN],
        "number_running": len(running),
        "previous": max(start - SHOWN, 0) if start else None,
        "next": start + SHOWN if found and start + SHOWN < found.number else None,
    }
    return render(request, "decisions/repairs.html", context)


def _running(plans: RepairPlanQuerySet, as_of: date) -> list[RepairPlan]:
    """All, the newest first, each with how long ago it was measured against what was planned."""
    found = list(plans.select_related("customer").order_by("-chosen_at"))
    for plan in found:
        plan.months_over = months_over(plan, as_of)  # type: ignore[attr-defined]  # for the template
    return found


def _start(text: str) -> int:
    if text and not (text.isdecimal() and len(text) < 9):
        raise Http404
    return int(text or 0)


def _row(of: Estimate, found: LossMakers, plan: RepairPlan | None, currency: str) -> dict[str, Any]:
    ladder = reckoned(found.losses[of.customer_id], AS_SUGGESTED)
    recommended = ladder.advice.recommended
    rows = {row["rung"]: row for row in words.rows(ladder, currency)}
    return {
        "of": of,
        "at_stake": ladder.loss.at_stake,
        "stake": abs(ladder.loss.at_stake),
        "plan": plan,
        "rung": rows[recommended.value] if recommended else None,
        "why": ladder.advice.reasons[0].as_data(),
    }


@require_http_methods(["GET", "POST"])
def repair(request: SignedInRequest, key: UUID) -> HttpResponse:
    """One customer's ladder: reckoned as one types, a rung chosen by the last button."""
    who, choosing = known_or_404(request, key), request.POST.get("do") == "choose"
    kind = ChoiceForm if choosing else AssumptionsForm
    form = kind(request.POST or None, initial=suggested())
    if choosing and form.is_valid():
        try:
            made = _choose(request, who, form)
        except ValidationError as refused:
            field_error(form, refused)
        else:
            messages.success(request, _("Kept as the plan. Here is the letter."))
            return redirect("repair-plan", made.key)
    note_read("repair", [who.pk], actor=request.user, at=timezone.now())
    context = _context(request, who, form)
    page = "decisions/repair_ladder.html" if request.htmx else "decisions/repair.html"
    return render(request, page, context)


def _choose(request: SignedInRequest, who: Customer, form: AssumptionsForm) -> RepairPlan:
    told = form.cleaned_data
    return actions.choose(
        who, Rung(told["rung"]), form.assumed(), told["starts_on"], reason=told["reason"],
        actor=request.user, at=moment(),
    )  # fmt: skip


def _context(request: SignedInRequest, who: Customer, form: AssumptionsForm) -> dict[str, Any]:
    """The ladder as far as the assumptions can be read; else as suggested, and what is wrong."""
    as_of = day_told(timezone.localdate())
    wrong = sorted(set(form.errors) & set(AssumptionsForm.base_fields)) if form.is_bound else []
    assumed = AS_SUGGESTED if wrong or not form.is_bound else form.assumed()
    ladder = reckoned(losses_of(request.user, [who], as_of)[who.pk], assumed)
    plan = RepairPlan.objects.visible_to(request.user).running().filter(customer=who).first()
    return {
        "customer": who,
        "as_of": as_of,
        "ladder": ladder,
        "rows": words.rows(ladder, profile().currency),
        "reasons": [reason.as_data() for reason in ladder.advice.reasons],
        "work": _work(ladder),
        "form": form,
        "unreadable": [form[name] for name in wrong],
        "of_rung": [(rung.label, [form[n] for n in names]) for rung, names in OF_RUNG.items()],
        "of_all": [form[name] for name in OF_ALL],
        "choice": _choice(request, form, ladder),
        "plan": plan,
        "may_choose": may(request.user, Right.SIGN),
        "may_part": may(request.user, Right.PART),
    }


def _choice(request: SignedInRequest, form: AssumptionsForm, ladder: Ladder) -> ChoiceForm:
    """What came back with errors, or a new one that begins with what is advised."""
    if isinstance(form, ChoiceForm):
        return form
    advised = ladder.advice.recommended
    starts_on = (timezone.localdate() + NOTICE).isoformat()
    begins = {"rung": advised.value if advised else None, "starts_on": starts_on}
    told = {name: request.POST.get(name, value) for name, value in begins.items()}
    return ChoiceForm(initial=told | {"reason": request.POST.get("reason", "")})


def _work(ladder: Ladder) -> dict[str, float]:
    """What was paid once, the rest of the cost to serve, and what of it would stay; positive."""
    loss = ladder.loss
    return {
        "once": loss.recurring.contribution_3 - loss.year.contribution_3,
        "serving": -loss.recurring.cost_to_serve,
        "staying": -loss.staying,
        "stake": abs(loss.at_stake),
    }
