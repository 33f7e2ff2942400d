"""What a customer was granted already: it counts beside what is offered now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Assignment, Customer
from kundenstamm.customers.queries import assignments_of
from kundenstamm.decisions.models import Proposal, ProposalState
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Reach, reach_of
from kundenstamm.terms.models import Agreement, Kind

NIL = Decimal(0)
REBATES = (Kind.REBATE, Kind.TIERED, Kind.BONUS, Kind.PROMOTION)
A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Granted:
    """``holding``: agreements that hold on the day from which an offer would."""

    holding: list[Agreement]

    def rate(self, turnover: float, renews: Agreement | None) -> float:
        """Rebates together on everything bought; those for a product or category left aside."""
        return float(
            sum(
                (
                    _rate(each, turnover)
                    for each in self.holding
                    if each.kind in REBATES and each.scope is None and each != renews
                ),
                NIL,
            )
        )

    @property
    def payment_term(self) -> Agreement | None:
        found = [each for each in self.holding if each.kind == Kind.PAYMENT_TERM]
        return max(found, key=lambda each: each.valid_from, default=None)

    @property
    def payment_days(self) -> int:
        """Days that the customer may take today."""
        held = self.payment_term
        if held is None or held.payment_days is None:
            return profile().standard_payment_days
        return held.payment_days


def granted(actor: User, customer: Customer, day: date) -> Granted:
    known = Agreement.objects.visible_to(actor).filter(customer=customer).holding(day)
    related = known.select_related("product", "category").with_tiers(actor)
    return Granted(list(related.order_by("pk")))


def signed_alone(actor: User, customer: Customer, day: date) -> float:
    """What a year costs of all that was signed within the limits in the last twelve months.

    So nobody passes a limit in small steps.
    """
    found = Proposal.objects.visible_to(actor).filter(
        customer=customer, state=ProposalState.SIGNED, proposed_at__date__gt=day - A_YEAR
    )
    return sum(
        (max(float(kept.get("cost", 0)), 0.0) for kept in found.values_list("figures", flat=True)),
        0.0,
    )


def is_own(actor: User, customer: Customer, day: date) -> bool:
    """Whether the actor signs for this customer: a representative only for those they serve.

    A customer that was only opened to them, or stands below one of theirs, is not their own.
    """
    if reach_of(actor) is not Reach.OWN:
        return True
    return any(_serves(each, actor, day) for each in assignments_of(actor, customer))


def _serves(assignment: Assignment, actor: User, day: date) -> bool:
    lasting = assignment.ends is None or assignment.ends >= day
    return lasting and assignment.starts <= day and assignment.representative.user_id == actor.pk


def _rate(agreement: Agreement, turnover: float) -> Decimal:
    if agreement.rate is not None:
        return agreement.rate
    reached = [tier.rate for tier in agreement.tiers.all() if float(tier.from_amount) <= turnover]
    return max(reached, default=NIL)
