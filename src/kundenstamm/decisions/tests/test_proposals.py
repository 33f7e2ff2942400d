"""Who signs alone, who waits for whom, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from kundenstamm.company.actions import describe
from kundenstamm.customers.models import Grant
from kundenstamm.decisions import actions
from kundenstamm.decisions.jobs import expire_nightly
from kundenstamm.decisions.models import Limit, Proposal, ProposalState
from kundenstamm.decisions.tests.conftest import AT, TODAY
from kundenstamm.guard.rights import Forbidden
from kundenstamm.terms.actions import agree
from kundenstamm.terms.conditions import Conditions
from kundenstamm.terms.models import Agreement, Kind

A_DAY = timedelta(days=1)


def test_within_the_limits_a_representative_signs_alone(proposed, people):
    made = proposed(rebate="0.02", payment_days=30)
    assert (made.state, made.over) == (ProposalState.SIGNED, [])
    assert (made.agreement.kind, made.agreement.rate) == (Kind.REBATE, Decimal("0.02"))
    assert made.agreement.valid_to == made.valid_to
    assert (made.payment_term.payment_days, made.payment_term.agreed_by) == (30, people["Anna"])


@pytest.mark.parametrize(
    ("told", "limits"),
    [
        ({"rebate": "0.02"}, []),
        ({"rebate": "0.05"}, []),
        ({"rebate": "0.0501"}, ["cost"]),
        ({"rebate": "0.11"}, ["rebate", "cost"]),
        ({"rebate": "0.36"}, ["rebate", "cost", "loss"]),
        # A price lower by so much is a rebate by another name.
        ({"price": "-0.11"}, ["rebate", "cost"]),
        ({"rebate": "0.06", "price": "-0.06"}, ["rebate", "cost"]),
        ({"price": "0.05"}, []),
        ({"tiers": [("50000", "0.01"), ("900000", "0.12")]}, ["rebate"]),
        ({"tiers": [("50000", "0.06")]}, ["cost"]),
        ({"payment_days": 90}, []),
        ({"payment_days": 400}, ["cost"]),
        # No limit is passed by hoping for more.
        ({"rebate": "0.06", "volume": "5"}, ["cost"]),
    ],
)
def test_limits(proposed, told, limits):
    made = proposed(**told)
    assert made.over == limits
    assert made.state == (ProposalState.WAITING if limits else ProposalState.SIGNED)


def test_no_limit_is_passed_in_small_steps(proposed):
    assert proposed(rebate="0.04").over == []
    assert proposed(rebate="0.04").over == [Limit.COST]
    assert proposed(payment_days=30).over == []
    assert proposed(rebate="0.0611").over == [Limit.REBATE, Limit.COST]
    later = AT + timedelta(days=366)
    assert proposed(at=later, rebate="0.04", valid_from=later.date(),
                    valid_to=later.date() + A_DAY).over == []  # fmt: skip


def test_limits_are_the_companys(proposed, people):
    loose = {"rebate_limit": Decimal("0.5"), "concession_limit": Decimal(90_000),
             "loss_needs_approval": False}  # fmt: skip
    describe(loose, actor=people["Frieda"], at=AT)
    assert proposed(rebate="0.4").over == []


def test_a_customer_that_is_only_opened_is_not_ones_own(proposed, people, customer):
    Grant.objects.create(
        person=people["Bernd"], customer=customer, kind=Grant.Kind.OPEN, reason="Vertretung",
        given_by=people["Frieda"], starts_at=AT,
    )  # fmt: skip
    assert proposed("Bernd", rebate="0.01").over == [Limit.OTHERS]
    assert proposed("Greta", rebate="0.01").over == []


@pytest.mark.parametrize("who", ["Bernd", "Hanno", "Doris"])
def test_who_may_not_propose(proposed, who):
    with pytest.raises(Forbidden):
        proposed(who, rebate="0.01")
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    "told",
    [{}, {"volume": "0.1"}, {"rebate": "0.1", "tiers": [("1", "0.1")]},
     {"rebate": "0.01", "valid_to": None}, {"rebate": "0.01", "valid_to": TODAY - A_DAY},
     {"rebate": "0.2", "valid_to": TODAY - A_DAY},
     {"tiers": [("1", "0.2")], "kind": Kind.PROMOTION}],
)  # fmt: skip
def test_what_cannot_be_proposed(proposed, told):
    with pytest.raises(ValidationError):
        proposed(**told)
    assert not Proposal.objects.exists()


def test_over_a_limit_it_waits_and_nothing_is_agreed(proposed):
    made = proposed(rebate="0.2")
    assert (made.state, made.open_until) == (ProposalState.WAITING, TODAY + timedelta(days=14))
    made.refresh_from_db()
    assert (made.agreement, made.payment_term) == (None, None)
    assert not Agreement.objects.exists()


def test_a_second_person_approves(proposed, people):
    made = actions.approve(
        proposed(rebate="0.2", payment_days=60), reason="Wichtig", actor=people["Greta"], at=AT
    )
    made.refresh_from_db()
    assert (made.state, made.decided_by, made.decision_reason) == (
        ProposalState.APPROVED, people["Greta"], "Wichtig",
    )  # fmt: skip
    assert made.agreement.rate == Decimal("0.2")
    assert made.payment_term.payment_days == 60
    with pytest.raises(ValidationError):
        actions.refuse(made, reason="Doch nicht", actor=people["Frieda"], at=AT)


def test_refused_stays_without_agreement(proposed, people):
    made = actions.refuse(proposed(rebate="0.2"), reason="Zu viel", actor=people["Frieda"], at=AT)
    assert made.state == ProposalState.REFUSED
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("who", ["Greta", "Frieda"])
def test_nobody_approves_their_own(proposed, people, who):
    made = proposed(who, rebate="0.2")
    for decide in (actions.approve, actions.refuse):
        with pytest.raises(Forbidden):
            decide(made, reason="Ja", actor=people[who], at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(
            state=ProposalState.APPROVED, decided_by=people[who], decided_at=AT,
            decision_reason="Ja",
        )  # fmt: skip


@pytest.mark.parametrize("who", ["Anna", "Bernd", "Hanno", "Doris"])
def test_who_may_not_approve(proposed, people, who):
    with pytest.raises(Forbidden):
        actions.approve(proposed(rebate="0.2"), reason="Ja", actor=people[who], at=AT)


def test_a_decision_has_a_reason_and_somebody_who_took_it(proposed, people):
    made = proposed(rebate="0.2")
    with pytest.raises(ValidationError):
        actions.approve(made, reason=" ", actor=people["Frieda"], at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(state=ProposalState.APPROVED)


def test_what_nobody_decided_in_time_is_over(proposed, people):
    made = proposed(rebate="0.2")
    late = AT + timedelta(days=15)
    with pytest.raises(ValidationError):
        actions.approve(made, reason="Ja", actor=people["Frieda"], at=late)
    expire_nightly(int(AT.timestamp()))
    assert Proposal.objects.get().state == ProposalState.WAITING
    expire_nightly(int(late.timestamp()))
    assert Proposal.objects.get().state == ProposalState.EXPIRED


def test_only_the_proposer_withdraws_and_only_in_time(proposed, people):
    made = proposed(rebate="0.2")
    with pytest.raises(Forbidden):
        actions.withdraw(made, actor=people["Frieda"], at=AT)
    actions.withdraw(made, actor=people["Anna"], at=AT)
    assert Proposal.objects.get().state == ProposalState.WITHDRAWN
    with pytest.raises(Forbidden):
        actions.withdraw(made, actor=people["Anna"], at=AT)


def test_a_renewal_takes_the_place_of_what_it_renews(proposed, people, customer):
    """8 % after 7 %: together 8 % and not 15; the new days take the place of the old."""
    told = [Conditions(Kind.REBATE, TODAY - 99 * A_DAY, TODAY + 9 * A_DAY, Decimal("0.07")),
            Conditions(Kind.PAYMENT_TERM, TODAY - 99 * A_DAY, None, payment_days=30)]  # fmt: skip
    rebate, term = (
        agree(customer, each, reason="", actor=people["Frieda"], at=AT) for each in told
    )
    assert Limit.REBATE in proposed(rebate="0.08").over
    made = proposed(rebate="0.08", renews=rebate, payment_days=20)
    assert made.over == [Limit.COST]
    actions.approve(made, reason="Ja", actor=people["Frieda"], at=AT)
    made.refresh_from_db()
    assert (made.agreement.renews, made.payment_term.renews) == (rebate, term)
    rebate.refresh_from_db()
    assert rebate.valid_to == TODAY


def test_an_agreement_without_proposal_keeps_the_limits_too(people, customer):
    def demand(**told):
        conditions = Conditions(Kind.REBATE, TODAY, **told)
        actions.agree_at_once(customer, conditions, reason="", actor=people["Frieda"], at=AT)

    demand(rate=Decimal("0.05"))
    with pytest.raises(ValidationError):
        demand(rate=Decimal("0.2"))
    free = Conditions(Kind.FREE_GOODS, TODAY, free_quantity=Decimal(2), per_quantity=Decimal(10))
    with pytest.raises(ValidationError):
        actions.agree_at_once(customer, free, reason="", actor=people["Frieda"], at=AT)
