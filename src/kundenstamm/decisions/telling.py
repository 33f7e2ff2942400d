"""What this room tells of a customer: terms proposed and decided, plans of repair."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kundenstamm.customers.timeline import (
    Asked,
    Department,
    Event,
    Kind,
    Source,
    local_day,
    newest,
)
from kundenstamm.decisions.models import Proposal, ProposalState, RepairPlan
from kundenstamm.guard.masks import sees

PROPOSAL = Kind("proposal", _("Proposed terms"), Department.MANAGEMENT)
REPAIR = Kind("repair", _("Plans of repair"), Department.MANAGEMENT)

_DECIDED = {
    ProposalState.APPROVED: gettext_noop("Terms approved"),
    ProposalState.REFUSED: gettext_noop("Terms refused"),
}


def proposals(asked: Asked) -> list[Event]:
    """For whoever sees prices, as on their own page. There are few of a customer."""
    if not sees(asked.actor, "document.prices"):
        return []
    known = Proposal.objects.visible_to(asked.actor).filter(customer=asked.customer)
    found = known.select_related("proposed_by", "decided_by").order_by("pk")
    return newest(asked, (event for each in found for event in _of_proposal(each)))


def _of_proposal(each: Proposal) -> Iterable[Event]:
    says = gettext_noop("Terms proposed")
    if each.state == ProposalState.SIGNED:
        says = gettext_noop("Terms signed")
    evidence = ("proposal", each.key)
    at, by = each.proposed_at, each.proposed_by.name
    yield Event("proposal", local_day(at), says, at=at, by=by, evidence=evidence, of=each)
    if each.decided_at is not None and each.decided_by is not None:
        at, by, says = each.decided_at, each.decided_by.name, _DECIDED[ProposalState(each.state)]
        yield Event("proposal", local_day(at), says, at=at, by=by, evidence=evidence, of=each)


def plans(asked: Asked) -> list[Event]:
    """For whoever sees prices, as on their own page. There are few of a customer."""
    if not sees(asked.actor, "document.prices"):
        return []
    known = RepairPlan.objects.visible_to(asked.actor).filter(customer=asked.customer)
    found = known.select_related("chosen_by", "ended_by").order_by("pk")
    return newest(asked, (event for each in found for event in _of_plan(each)))


def _of_plan(each: RepairPlan) -> Iterable[Event]:
    params, evidence = {"rung": each.get_rung_display()}, ("repair-plan", each.key)
    at, by, says = each.chosen_at, each.chosen_by.name, gettext_noop("Plan of repair: {rung}")
    yield Event("repair", local_day(at), says, params, at, by, evidence, each)
    if each.ended_at is not None and each.ended_by is not None:
        says = gettext_noop("Plan of repair ended: {rung}")
        at, by = each.ended_at, each.ended_by.name
        yield Event("repair", local_day(at), says, params, at, by, evidence, each)


SOURCES = (Source((PROPOSAL,), proposals), Source((REPAIR,), plans))
