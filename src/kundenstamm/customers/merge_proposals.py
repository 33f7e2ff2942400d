"""Two customers are said to be one by who may not merge them; who may accepts or refuses."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kundenstamm.customers import merge_actions
from kundenstamm.customers.actions import demand_all_known
from kundenstamm.customers.doubles_queries import pair_of
from kundenstamm.customers.models import Customer, Merge, MergeProposal
from kundenstamm.guard.people_actions import Refused
from kundenstamm.guard.rights import Right, demand

if TYPE_CHECKING:
    from kundenstamm.guard.models import User

State = MergeProposal.State


def propose(keep: Customer, drop: Customer, *, actor: User, at: datetime) -> MergeProposal:
    """Say that ``drop`` is ``keep``; nothing is merged by it.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of both.
    Refused
        They are one, one is merged already, or it is proposed already.
    """
    demand(actor, Right.RECORD)
    if keep.pk == drop.pk:
        raise Refused(_("That is the same customer."))
    demand_all_known([keep.pk, drop.pk], actor)
    if keep.withdrawn or drop.withdrawn:
        raise Refused(_("One of them is being merged already."))
    try:
        with transaction.atomic():
            return MergeProposal.objects.create(
                kept=keep, dropped=drop, proposed_by=actor, proposed_at=at
            )
    except IntegrityError as twice:
        raise Refused(_("Merging them is proposed already.")) from twice


@transaction.atomic
def accept(proposal: MergeProposal, *, actor: User, at: datetime) -> Merge:
    """Merge them, as the actor's own act. Raises as `merge_actions.ask`; `Refused` if decided."""
    found = _open(proposal, actor)
    made = merge_actions.ask(found.kept, found.dropped, actor=actor, at=at)
    _decide(found, State.ACCEPTED, "", actor, at)
    return made


@transaction.atomic
def refuse(proposal: MergeProposal, reason: str, *, actor: User, at: datetime) -> None:
    """Say no, and why; who says that they are two says so to the nightly search as well.

    Raises
    ------
    Forbidden, Refused
        The actor could not merge them, it is decided, or there is no reason.
    """
    found = _open(proposal, actor)
    if reason not in MergeProposal.Reason.values:
        raise Refused(_("Say why: whoever proposed it reads the reason."))
    merge_actions.demand_merge(found.kept, found.dropped, actor=actor, at=at)
    _decide(found, State.REFUSED, reason, actor, at)
    pair = pair_of(actor, found.kept, found.dropped)
    if reason == MergeProposal.Reason.TWO and pair is not None and pair.apart_at is None:
        merge_actions.keep_apart(pair, actor=actor, at=at)


def _open(proposal: MergeProposal, actor: User) -> MergeProposal:
    """The proposal, held until the decision is written; both customers known."""
    demand(actor, Right.MERGE)
    demand_all_known([proposal.kept_id, proposal.dropped_id], actor)
    rows = MergeProposal.objects.select_for_update(of=("self",)).select_related("kept", "dropped")
    found = rows.get(pk=proposal.pk)
    if found.state != State.OPEN:
        raise Refused(_("This is decided already."))
    return found


def _decide(
    found: MergeProposal, state: MergeProposal.State, reason: str, actor: User, at: datetime
) -> None:
    found.state, found.reason, found.decided_by, found.decided_at = state, reason, actor, at
    found.save(update_fields=["state", "reason", "decided_by", "decided_at"])
