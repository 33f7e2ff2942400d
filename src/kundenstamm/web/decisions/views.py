"""Before signing: what terms would bring, who has to approve them, and what was decided."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Customer
from kundenstamm.decisions import actions
from kundenstamm.decisions.figures import as_data
from kundenstamm.decisions.models import Proposal, ProposalState
from kundenstamm.decisions.queries.granted import granted
from kundenstamm.decisions.queries.proposals import (
    is_waiting,
    may_decide,
    may_withdraw,
    proposals,
)
from kundenstamm.decisions.reckoning import reckon
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.rights import Right, may
from kundenstamm.terms.booking import ask_to_recognise
from kundenstamm.terms.models import Agreement, Kind
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.decisions import words
from kundenstamm.web.decisions.forms import DecisionForm, WhatIfForm, beginning, offer_of
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error
from kundenstamm.web.terms.views import known_agreement

SHOWN = 25


@require_http_methods(["GET", "POST"])
def before_signing(request: SignedInRequest, key: UUID) -> HttpResponse:
    """What-if on one customer: reckoned as one types, proposed by the last button."""
    who = known_or_404(request, key)
    renews, proposing = _renewed(request, who), request.POST.get("do") == "propose"
    begins = beginning(timezone.localdate(), renews)
    form = WhatIfForm(request.POST or None, initial=begins, proposing=proposing)
    if proposing and form.is_valid():
        try:
            made = actions.propose(
                who, form.offer(renews), reason=form.cleaned_data["reason"],
                actor=request.user, at=moment(),
            )  # fmt: skip
        except ValidationError as refused:
            field_error(form, refused)
        else:
            return _proposed(request, made)
    note_read("before-signing", [who.pk], actor=request.user, at=timezone.now())
    context = {"customer": who, "form": form, "renews": renews,
               "may_sign": may(request.user, Right.SIGN)}  # fmt: skip
    context |= _reckoned(request, who, form, renews)
    if request.htmx:
        return render(request, "decisions/reckoned.html", context)
    return render(request, "decisions/before.html", context)


def _renewed(request: SignedInRequest, who: Customer) -> Agreement | None:
    """The agreement in whose place the terms would come."""
    told = request.POST.get("renews", "") or request.GET.get("renews", "")
    if not told:
        return None
    try:
        found = known_agreement(request.user, UUID(told))
    except ValueError:
        raise Http404 from None
    if found.customer_id != who.pk or found.kind == Kind.FREE_GOODS:
        raise Http404
    return found


def _reckoned(
    request: SignedInRequest, who: Customer, form: WhatIfForm, renews: Agreement | None
) -> dict[str, Any]:
    """What the offer would bring; without it where something cannot be read."""
    today, of = timezone.localdate(), profile()
    if form.is_bound:
        form.is_valid()
        told = form.cleaned_data
        readable = not set(form.errors) - {"reason", "__all__"} and {"valid_from", "valid_to"} <= (
            told.keys()
        )
    else:
        told, readable = dict(form.initial), True
    if not readable:
        return {"unreadable": [form[name] for name in form.errors if name in form.fields]}
    offer = offer_of(told, renews)
    found = reckon(request.user, who, offer, today)
    return {
        "as_of": found.as_of,
        "offer": offer,
        "says": words.says(offer, of.currency),
        "shown": words.shown(as_data(found), of.currency),
        "over": words.limits(found.over),
        "days_today": granted(request.user, who, offer.valid_from).payment_days,
    }


def _proposed(request: SignedInRequest, made: Proposal) -> HttpResponse:
    if made.state == ProposalState.SIGNED:
        ask_to_recognise(actor=request.user, at=moment())
        messages.success(request, _("Signed within the limits: it holds."))
    else:
        messages.success(request, _("Proposed. A second person decides."))
    return redirect("proposal", made.key)


@require_safe
def proposed(request: SignedInRequest) -> HttpResponse:
    """What waits for approval, and what was decided last."""
    today, known = timezone.localdate(), proposals(request.user)
    waiting = list(known.filter(is_waiting(today)).order_by("open_until", "pk"))
    others = list(known.exclude(is_waiting(today))[:SHOWN])
    note_read(
        "proposals", {each.customer_id for each in (*waiting, *others)},
        actor=request.user, at=timezone.now(),
    )  # fmt: skip
    currency = profile().currency
    rows = [_row(request, each, today, currency) for each in waiting]
    context = {
        "waiting": sorted(rows, key=lambda row: not row["decide"]),
        "others": [_row(request, each, today, currency) for each in others],
    }
    return render(request, "decisions/proposals.html", context)


def _row(request: SignedInRequest, of: Proposal, today: date, currency: str) -> dict[str, Any]:
    return {
        "of": of,
        "says": words.says(actions.offer_of(of), currency),
        "because": words.waits_because(of),
        "cost": of.figures.get("cost"),
        "decide": may_decide(request.user, of, today),
        "late": of.state == ProposalState.WAITING and of.open_until < today,
    }


@require_safe
def proposal(request: SignedInRequest, proposal: UUID) -> HttpResponse:
    """One proposal: what was offered, what it would bring, who decided and why."""
    return proposal_page(request, proposal)


def proposal_page(
    request: SignedInRequest, key: UUID, sent: DecisionForm | None = None
) -> HttpResponse:
    """The page, once more with a decision that was sent and has errors."""
    found, today = known_proposal(request, key), timezone.localdate()
    note_read("proposal", [found.customer_id], actor=request.user, at=timezone.now())
    currency = profile().currency
    context = {
        "proposal": found,
        "customer": found.customer,
        "row": _row(request, found, today, currency),
        "as_of": found.as_of,
        "shown": words.shown(found.figures, currency) if found.figures else None,
        "withdraw": may_withdraw(request.user, found),
        "own": found.proposed_by_id == request.user.pk,
    }
    if may_decide(request.user, found, today):
        context["form"] = sent or DecisionForm()
    return render(request, "decisions/proposal.html", context)


def known_proposal(request: SignedInRequest, key: UUID) -> Proposal:
    return get_object_or_404(proposals(request.user), key=key)


@require_POST
def decide(request: SignedInRequest, proposal: UUID) -> HttpResponse:
    """Approve or refuse, by the button that was pressed."""
    found, form = known_proposal(request, proposal), DecisionForm(request.POST)
    approving = request.POST.get("do") == "approve"
    deed = actions.approve if approving else actions.refuse
    if form.is_valid():
        try:
            deed(found, reason=form.cleaned_data["reason"], actor=request.user, at=moment())
        except ValidationError as refused:
            # Somebody was faster, or what it renews has changed meanwhile.
            messages.error(request, " ".join(refused.messages))
            return redirect("proposal", proposal)
    else:
        return proposal_page(request, proposal, form)
    if approving:
        ask_to_recognise(actor=request.user, at=moment())
    messages.success(request, _("Approved: it holds.") if approving else _("Refused."))
    return redirect("proposal", proposal)


@require_POST
def withdraw(request: SignedInRequest, proposal: UUID) -> HttpResponse:
    actions.withdraw(known_proposal(request, proposal), actor=request.user, at=moment())
    messages.success(request, _("Withdrawn."))
    return redirect("proposal", proposal)
