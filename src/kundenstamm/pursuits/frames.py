"""A sheet held against the base, the pools and our own optimism, by `worth.pursuit`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.pursuits.alike import Alike, alike
from kundenstamm.pursuits.hands import Hands
from kundenstamm.pursuits.learning import learned
from kundenstamm.pursuits.rules import coming, months_between
from kundenstamm.pursuits.sheets import Sheet
from kundenstamm.worth.decisions.terms import Interval
from kundenstamm.worth.pursuit.comparables import Drawn, drawn
from kundenstamm.worth.pursuit.optimism import Optimism
from kundenstamm.worth.pursuit.plan import Plan
from kundenstamm.worth.pursuit.present_value import interval_if_won
from kundenstamm.worth.pursuit.sensitivity import Outlook, Swing, sensitivity
from kundenstamm.worth.pursuit.verdict import Judged

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Weighed:
    """A prospect weighed.

    Attributes
    ----------
    begins
        The month that counts as month nil.
    expected_turnover
        Of the promise after our own optimism, drawn to comparable customers; money a year.
    planned, left
        What winning costs in all, and of that what is not spent yet; money.
    limit
        The most that winning may cost, what is spent included; money.
    interval
        Of what the customer brings if won, before winning.
    """

    sheet: Sheet
    begins: date
    outlook: Outlook
    judged: Judged
    interval: Interval
    optimism: Optimism
    drawn: Drawn
    alike: Alike
    hands: Hands
    planned: Decimal
    left: Decimal
    limit: Decimal

    @property
    def expected_turnover(self) -> float:
        return self.drawn.turnover

    def swings(self) -> tuple[Swing, ...]:
        """Which figure moves the expectation most; takes longer than all the rest."""
        return sensitivity(self.outlook, self.drawn.uncertain(self.optimism))

    def as_data(self) -> dict[str, Any]:
        """What is kept with the pursuit: figures in cents, and the reasons."""
        way = self.judged.best
        return {
            "verdict": self.judged.verdict.value,
            "expected": round(way.expected, 2),
            "if_won": round(way.trying.if_won, 2),
            "interval": [round(self.interval.low, 2), round(self.interval.high, 2)],
            "most": round(float(self.limit), 2),
            "walk_away": _rounded(way.trying.walk_away),
            "turnover": round(self.expected_turnover, 2),
            "comparable": self.drawn.customers,
            # How near they are to each other, and how much they counted.
            "weighed": {"weight": self.drawn.weight, "spread": self.drawn.spread},
            "months_later": way.months_later,
            "share": way.share,
            "reasons": [each.as_data() for each in self.judged.reasons],
        }


def weigh(
    actor: User, customer: Customer, sheet: Sheet, today: date, *, hands: Hands, spent: Decimal
) -> Weighed:
    """What a try is worth, and whether our hands suffice.

    Raises
    ------
    kundenstamm.worth.pursuit.plan.PlanError
        The sheet cannot be: nothing is bought, or a share is none.
    """
    optimism, promised = learned(), float(sheet.turnover)
    like = alike(actor, customer, promised * optimism.factor)
    told = drawn(promised * optimism.factor, like.turnovers) if promised > 0 else Drawn(0, 0, None)
    planned = sheet.planned(hands.rate(sheet.won_by))
    left = max(planned - spent, Decimal(0))
    plan = plan_of(sheet, told, hands, today)
    outlook = Outlook(plan, hands.pools, float(sheet.chance), float(left))
    judged = outlook.judged()
    most = Decimal(str(round(judged.best.trying.most, 4))) + spent
    return Weighed(
        sheet, coming(today), outlook, judged,
        interval_if_won(judged.best.plan, hands.pools, told.uncertain(optimism)),
        optimism, told, like, hands, planned, left, most.quantize(CENT),
    )  # fmt: skip


def plan_of(sheet: Sheet, told: Drawn, hands: Hands, today: date) -> Plan:
    """What a sheet promises, with the turnover that is expected of it."""
    company = profile()
    minutes = {
        pool.name: float(sheet.minutes[row.pk])
        for pool, row in zip(hands.pools, hands.rows, strict=True)
        if sheet.minutes.get(row.pk)
    }
    return Plan(
        turnover=told.turnover,
        goods=float(1 - sheet.margin),
        rebate=float(sheet.given),
        # Only what goes beyond the usual days is a concession, as with every agreement.
        payment_days=float(max(sheet.payment_days - company.standard_payment_days, 0)),
        financing=float(company.financing_rate),
        minutes=minutes,
        first_month=max(months_between(coming(today), sheet.first_month), 0),
        ramp=sheet.ramp,
        staying=float(sheet.staying),
        discount=float(company.discount_rate),
    )


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
