"""A new colleague: which customers are proposed, chosen by ticking, taken over; and read about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.customers.models import Customer
from kundenstamm.customers.queries import known_by_number
from kundenstamm.departures.joining.proposing import Line, Why, propose
from kundenstamm.departures.joining.reading import reading_list
from kundenstamm.departures.joining.taking_over import take_over
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.models import User
from kundenstamm.web.departures.joining_forms import AskForm, PlanForm
from kundenstamm.web.shell.figures import number
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error

CHIPS = {Why.NOBODY: "at_risk", Why.GONE: "lost", Why.RELIEF: "new", Why.FIT: "regular"}


@require_safe
def joining(request: SignedInRequest) -> HttpResponse:
    """The question; once it is asked, whom the newcomer could get. Nothing is changed."""
    asked = "who" in request.GET
    form = AskForm(request.user, request.GET if asked else None)
    return _page(request, form, PlanForm(initial={"starts": timezone.localdate()}))


@require_POST
def do_take_over(request: SignedInRequest) -> HttpResponse:
    """Those that were ticked or added, from a day on."""
    form, plan = AskForm(request.user, request.POST), PlanForm(request.POST)
    keys = _keys(request.POST.getlist("customer"))
    if not form.is_valid() or not plan.is_valid():
        return _page(request, form, plan, keys)
    who: User = form.cleaned_data["who"]
    chosen = set(
        Customer.objects.visible_to(request.user).filter(key__in=keys).values_list("pk", flat=True)
    )
    try:
        chosen |= _also(request.user, plan.numbers())
        act = take_over(who, chosen, plan.plan(), actor=request.user, at=moment())
    except ValidationError as refused:
        field_error(plan, refused)
        return _page(request, form, plan, keys)
    if act is None:
        messages.info(request, _("All of them were so already: nothing has changed."))
        return redirect("joining")
    words = ngettext(
        "%(n)s customer goes to %(name)s; the first contacts are set as tasks.",
        "%(n)s customers go to %(name)s; the first contacts are set as tasks.",
        act.customers,
    )
    messages.success(request, words % {"n": number(act.customers), "name": who.name})
    return redirect("bulk-act", act=act.key)


@require_safe
def new_customers(request: SignedInRequest) -> HttpResponse:
    """What to read about customers that the reader has taken over."""
    rows = reading_list(request.user, timezone.now())
    shown = [row.customer.pk for row in rows]
    note_read("new-customers", shown, actor=request.user, at=timezone.now())
    context = {"rows": rows, "read": sum(row.read for row in rows), "today": timezone.localdate()}
    return render(request, "departures/new_customers.html", context)


def _page(
    request: SignedInRequest, form: AskForm, plan: PlanForm, ticked: set[UUID] | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "plan": plan}
    if form.is_bound and form.is_valid():
        try:
            found = propose(form.asked(), actor=request.user, at=moment())
        except ValidationError as refused:
            field_error(form, refused)
        else:
            shown = [each.customer.pk for each in (*found.lines, *found.others)]
            note_read("joining", shown, actor=request.user, at=timezone.now())
            context |= {
                "found": found, "who": form.cleaned_data["who"],
                "lines": [_row(each, True, ticked) for each in found.lines],
                "others": [_row(each, False, ticked) for each in found.others],
            }  # fmt: skip
    return render(request, "departures/joining.html", context)


def _row(line: Line, proposed: bool, ticked: set[UUID] | None) -> dict[str, Any]:
    """Ticked as proposed, or as it was sent."""
    on = proposed if ticked is None else line.customer.key in ticked
    return {"of": line, "on": on, "why": line.why.value, "chip": CHIPS[line.why]}


def _keys(texts: list[str]) -> set[UUID]:
    found = set()
    for text in texts[:1_000]:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found


def _also(actor: User, numbers: list[str]) -> set[int]:
    found = {each: known_by_number(actor, each) for each in numbers}
    missing = [each for each, customer in found.items() if customer is None]
    if missing:
        words = _("You know of no customer with the number %(numbers)s.")
        raise ValidationError({"also": words % {"numbers": ", ".join(missing)}})
    return {customer.pk for customer in found.values() if customer is not None}
