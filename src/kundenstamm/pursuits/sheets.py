"""What is assumed about a prospect, as plain values: typed on its page, kept with the pursuit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kundenstamm.company.models import CompanyProfile
from kundenstamm.pursuits.models import NIL, WHOLE, Pursuit
from kundenstamm.pursuits.rules import coming, total
from kundenstamm.serving.models import Pool


@dataclass(frozen=True)
class Step:
    """Of the plan of winning."""

    what: str
    minutes: int = 0
    money: Decimal = NIL


@dataclass(frozen=True)
class Sheet:
    """Shares from 0 to 1, of turnover at our prices; money a year; minutes a month by pool's id.

    ``margin`` is what the goods leave before any rebate.
    """

    turnover: Decimal
    margin: Decimal
    first_month: date
    rebate: Decimal = NIL
    bonus: Decimal = NIL
    payment_days: int = 0
    chance: Decimal = Decimal("0.3")
    staying: Decimal = Decimal("0.8")
    ramp: int = 3
    minutes: Mapping[int, Decimal] = field(default_factory=dict)
    won_by: Pool | None = None
    steps: tuple[Step, ...] = ()

    @property
    def given(self) -> Decimal:
        """Rebate and bonus together: the bonus is a share of what is left after the rebate."""
        return WHOLE - (WHOLE - self.rebate) * (WHOLE - self.bonus)

    def planned(self, rate: Decimal) -> Decimal:
        """What winning is planned to cost; money."""
        minutes = sum(each.minutes for each in self.steps)
        return total([each.money for each in self.steps]) + rate * minutes


def beginning(company: CompanyProfile, today: date) -> Sheet:
    """What a sheet begins with."""
    return Sheet(
        NIL, company.default_margin, coming(today), payment_days=company.standard_payment_days
    )


def sheet_of(pursuit: Pursuit, *, plain: bool = True) -> Sheet:
    """As it was kept; the steps' words only where they may be read."""
    return Sheet(
        pursuit.turnover, pursuit.margin, pursuit.first_month, pursuit.rebate, pursuit.bonus,
        pursuit.payment_days, pursuit.chance, pursuit.staying, pursuit.ramp,
        {each.pool_id: each.minutes for each in pursuit.needs.all()},
        pursuit.won_by,
        tuple(
            Step(each.open("what") if plain else "", each.minutes, each.money)
            for each in pursuit.steps.all()
        ),
    )  # fmt: skip
