"""Which proposals are there, which wait, and who may decide them?"""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from kundenstamm.decisions.models import Proposal, ProposalState
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may


def proposals(actor: User) -> QuerySet[Proposal]:
    """All that the actor may know of, the newest first."""
    known = Proposal.objects.visible_to(actor).filter(customer__withdrawn=False)
    related = known.select_related(
        "customer", "proposed_by", "decided_by", "renews", "agreement", "payment_term"
    )
    return related.order_by("-proposed_at", "-pk")


def is_waiting(day: date) -> Q:
    """An expired one may still be called waiting until the night has passed."""
    return Q(state=ProposalState.WAITING, open_until__gte=day)


def may_decide(actor: User, proposal: Proposal, day: date) -> bool:
    """Whoever has the right to, but nobody their own."""
    waits = proposal.state == ProposalState.WAITING and proposal.open_until >= day
    return waits and may(actor, Right.APPROVE) and proposal.proposed_by_id != actor.pk


def may_withdraw(actor: User, proposal: Proposal) -> bool:
    return proposal.state == ProposalState.WAITING and proposal.proposed_by_id == actor.pk


def waits_for(actor: User, day: date) -> QuerySet[Proposal]:
    """What the actor may decide; nothing for whoever may not."""
    found = proposals(actor).filter(is_waiting(day)).exclude(proposed_by=actor)
    return found if may(actor, Right.APPROVE) else found.none()
