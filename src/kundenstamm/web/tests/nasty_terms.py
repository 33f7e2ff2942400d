"""An agreement, a proposal and a repair whose reasons are attacks."""

from __future__ import annotations

from datetime import date

from kundenstamm.decisions.models import Proposal, RepairPlan
from kundenstamm.guard.models import User
from kundenstamm.terms.models import Agreement, Kind
from kundenstamm.web.tests.conftest import NASTY


def agreement_of(customer):
    """One whose reason is an attack."""
    return Agreement.objects.get_or_create(
        customer=customer, kind=Kind.REBATE, rate="0.05", valid_from=date(2020, 1, 1), reason=NASTY,
        defaults={"agreed_by": User.objects.first(), "agreed_at": customer.created_at},
    )[0]  # fmt: skip


def proposal_of(customer):
    """One whose reason is an attack."""
    return Proposal.objects.get_or_create(
        customer=customer, rebate="0.2", valid_from=date(2020, 1, 1), reason=NASTY,
        defaults={"valid_to": date(2020, 12, 31), "as_of": date(2020, 1, 1),
                  "open_until": date(2999, 1, 1), "proposed_by": User.objects.first(),
                  "proposed_at": customer.created_at, "over": ["rebate"]},
    )[0]  # fmt: skip


def plan_of(customer):
    """One whose reason is an attack, and whose letter names the customer."""
    return RepairPlan.objects.get_or_create(
        customer=customer, rung="price", size="0.05", starts_on=date(2020, 1, 1), reason=NASTY,
        defaults={"as_of": date(2020, 1, 1), "chosen_by": User.objects.first(),
                  "chosen_at": customer.created_at},
    )[0]  # fmt: skip
