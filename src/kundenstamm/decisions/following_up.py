"""Did the chosen rung bring what was planned? Three and six months after it began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kundenstamm.decisions.models import RepairPlan
from kundenstamm.decisions.queries.losses import measured
from kundenstamm.decisions.repairing import avoidable_of
from kundenstamm.guard.models import User
from kundenstamm.worth.decisions.loss import Loss
from kundenstamm.worth.decisions.year import Year
from kundenstamm.worth.levels import Kind

# Months → days; a year is 365 days everywhere.
SPANS = {3: 91, 6: 182}
A_DAY, A_YEAR = timedelta(days=1), timedelta(days=365)
# Less than this a year is no plan that something could be held against.
LEAST = 1.0


@dataclass(frozen=True)
class FollowUp:
    """One span after the beginning; contribution in the avoidable terms of the choice.

    Attributes
    ----------
    before
        Of the same days one year earlier, so that the season is the same.
    planned
        That, and the gain of so many days.
    found
        What the ledger says; None before the span is over.
    before_3, found_3
        Contribution III of the same days, winning left aside.
    """

    months: int
    first: date
    last: date
    before: float
    planned: float
    found: float | None
    before_3: float
    found_3: float | None

    @property
    def reached(self) -> float | None:
        """Share of the planned gain that came; None where it is not over or none was planned."""
        gain = self.planned - self.before
        if self.found is None or abs(gain) < LEAST:
            return None
        return (self.found - self.before) / gain


def follow_ups(actor: User, plan: RepairPlan, as_of: date) -> list[FollowUp]:
    """Both spans, against what the ledger says up to a day."""
    return [_follow_up(actor, plan, months, days, as_of) for months, days in SPANS.items()]


def months_over(plan: RepairPlan, as_of: date) -> int:
    """After how many months the plan was measured last; 0 before the first time."""
    over = [
        months for months, days in SPANS.items() if plan.starts_on + (days - 1) * A_DAY <= as_of
    ]
    return max(over, default=0)


def _follow_up(actor: User, plan: RepairPlan, months: int, days: int, as_of: date) -> FollowUp:
    first, last = plan.starts_on, plan.starts_on + days * A_DAY - A_DAY
    earlier = _taken(plan, measured(actor, plan.customer, first - A_YEAR, last - A_YEAR))
    over = last <= as_of
    now = _taken(plan, measured(actor, plan.customer, first, last)) if over else None
    gain = float(plan.figures.get("gain", 0.0)) * days / A_YEAR.days
    return FollowUp(
        months=months,
        first=first,
        last=last,
        before=earlier.at_stake,
        planned=earlier.at_stake + gain,
        found=now.at_stake if now else None,
        before_3=earlier.recurring.contribution_3,
        found_3=now.recurring.contribution_3 if now else None,
    )


def _taken(plan: RepairPlan, year: Year) -> Loss:
    """As the plan was reckoned: with its shares, without what winning cost."""
    return Loss(
        year, one_off={Kind.ACQUISITION: year.winning}, avoidable=avoidable_of(plan.figures)
    )
