"""What happens to proposed terms: signed alone, or proposed, approved, refused, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kundenstamm.company.queries import profile
from kundenstamm.customers.actions import demand_known
from kundenstamm.customers.models import Customer
from kundenstamm.decisions.figures import as_data
from kundenstamm.decisions.models import Proposal, ProposalState
from kundenstamm.decisions.offers import Offer, of_conditions
from kundenstamm.decisions.queries.granted import granted
from kundenstamm.decisions.queries.proposals import may_withdraw, proposals
from kundenstamm.decisions.reckoning import reckon
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Forbidden, Right, demand
from kundenstamm.terms import actions as terms_actions
from kundenstamm.terms.conditions import Conditions
from kundenstamm.terms.models import Agreement, Kind

Agreeing = Callable[..., Agreement]


@transaction.atomic
def propose(
    customer: Customer, offer: Offer, *, reason: str, actor: User, at: datetime
) -> Proposal:
    """Sign terms with a customer where no limit is passed; else they wait for a second person.

    Raises
    ------
    Forbidden
        The actor may not sign, or may not know of the customer.
    ValidationError
        Nothing is offered, or no agreement could be made of it.
    """
    demand(actor, Right.SIGN)
    demand_known(customer.pk, actor)
    offer.check()
    today = day_of(at)
    found = reckon(actor, customer, offer, today)
    made = _unsaved(customer, offer, today)
    made.as_of, made.figures, made.over = found.as_of, as_data(found), found.over
    made.reason, made.proposed_by, made.proposed_at = reason.strip(), actor, at
    made.state = ProposalState.WAITING if found.over else ProposalState.SIGNED
    made.full_clean()
    made.save()
    if found.over:
        _try(made, offer, actor=actor, at=at)
    else:
        _agree(made, offer, terms_actions.put_down, actor=actor, at=at)
    return made


@transaction.atomic
def approve(proposal: Proposal, *, reason: str, actor: User, at: datetime) -> Proposal:
    """Let proposed terms hold: agreements are made of them.

    Raises
    ------
    Forbidden
        The actor may not approve, proposed it themselves, or may not know of the customer.
    ValidationError
        It does not wait any more, or no reason is given.
    """
    found = _decide(proposal, ProposalState.APPROVED, reason, actor, at)
    _agree(found, offer_of(found), terms_actions.agree, actor=actor, at=at)
    return found


@transaction.atomic
def refuse(proposal: Proposal, *, reason: str, actor: User, at: datetime) -> Proposal:
    """Say no to proposed terms. Raises as `approve`."""
    return _decide(proposal, ProposalState.REFUSED, reason, actor, at)


@transaction.atomic
def withdraw(proposal: Proposal, *, actor: User, at: datetime) -> None:
    """Take one's own proposal back before somebody has decided it.

    Raises
    ------
    Forbidden
        It is somebody else's, or decided already.
    """
    found = _locked(proposal, actor)
    if not may_withdraw(actor, found):
        raise Forbidden(_("Only your own proposals, and only while they wait."))
    found.state = ProposalState.WITHDRAWN
    found.save(update_fields=["state"])


def expire(*, actor: User, at: datetime) -> int:  # noqa: ARG001  # every action takes one
    """Proposals that nobody decided in time are over; how many. The night's job calls this."""
    # About the whole base; what is over for one is over for all.
    late = Proposal.objects.filter(state=ProposalState.WAITING, open_until__lt=day_of(at))
    return late.update(state=ProposalState.EXPIRED)


def agree_at_once(
    customer: Customer,
    told: Conditions,
    *,
    reason: str,
    renews: Agreement | None = None,
    actor: User,
    at: datetime,
) -> Agreement:
    """Make an agreement without a proposal; it keeps the limits too.

    Raises
    ------
    Forbidden, ValidationError
        As `kundenstamm.terms.actions.agree`, and where it goes beyond a limit, which it names.
    """
    found = reckon(actor, customer, of_conditions(told, renews), day_of(at))
    if found.over:
        passed = ", ".join(str(limit.label) for limit in found.over)
        raise ValidationError(
            _("This needs a second person's approval (%(limits)s). Propose it before signing.")
            % {"limits": passed}
        )
    return terms_actions.agree(customer, told, reason=reason, renews=renews, actor=actor, at=at)


def offer_of(proposal: Proposal) -> Offer:
    """What was proposed, as it was."""
    renews = proposal.renews
    return Offer(
        proposal.valid_from, proposal.valid_to, proposal.kind, proposal.rebate,
        tuple((Decimal(amount), Decimal(rate)) for amount, rate in proposal.tiers),
        proposal.payment_days, proposal.price, proposal.service, proposal.volume, renews,
        renews.product if renews else None, renews.category if renews else None,
    )  # fmt: skip


def day_of(at: datetime) -> date:
    return timezone.localtime(at).date()


def _unsaved(customer: Customer, offer: Offer, today: date) -> Proposal:
    return Proposal(  # type: ignore[misc]  # checked: it ends
        customer=customer, kind=offer.kind, rebate=offer.rebate,
        tiers=[[str(amount), str(rate)] for amount, rate in offer.tiers],
        payment_days=offer.payment_days, price=offer.price, service=offer.service,
        volume=offer.volume, valid_from=offer.valid_from, valid_to=offer.valid_to,
        renews=offer.renews, open_until=today + timedelta(days=profile().approval_days),
    )  # fmt: skip


def _locked(proposal: Proposal, actor: User) -> Proposal:
    """The proposal as it stands, and so that nobody decides it beside us."""
    demand_known(proposal.customer_id, actor)
    return proposals(actor).select_for_update(of=("self",)).get(pk=proposal.pk)


def _decide(
    proposal: Proposal, state: ProposalState, reason: str, actor: User, at: datetime
) -> Proposal:
    demand(actor, Right.APPROVE)
    found = _locked(proposal, actor)
    if found.proposed_by_id == actor.pk:
        raise Forbidden(_("Nobody decides their own proposal."))
    if found.state != ProposalState.WAITING or found.open_until < day_of(at):
        raise ValidationError(_("This proposal does not wait any more."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    found.state, found.decided_by, found.decided_at = state, actor, at
    found.decision_reason = reason.strip()
    found.full_clean()
    found.save()
    return found


def _try(proposal: Proposal, offer: Offer, *, actor: User, at: datetime) -> None:
    """What waits can be agreed to: it is, and taken back at once."""
    here = transaction.savepoint()
    try:
        _agree(proposal, offer, terms_actions.put_down, actor=actor, at=at)
    finally:
        transaction.savepoint_rollback(here)
        proposal.agreement = proposal.payment_term = None


def _agree(
    proposal: Proposal, offer: Offer, agreeing: Agreeing, *, actor: User, at: datetime
) -> None:
    """Make the agreements of an offer."""
    customer = proposal.customer
    held = granted(actor, customer, offer.valid_from).payment_term
    for told in offer.conditions():
        days = told.kind == Kind.PAYMENT_TERM
        made = agreeing(
            customer, told, reason=proposal.reason,
            renews=held if days else offer.renews_rebate, actor=actor, at=at,
        )  # fmt: skip
        setattr(proposal, "payment_term" if days else "agreement", made)
    proposal.save(update_fields=["agreement", "payment_term"])
