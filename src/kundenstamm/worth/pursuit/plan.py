"""What a pursuit promises, and the pools that would serve it.

Rules in prose and worked examples: ``docs/algorithms/pursuit.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kundenstamm.worth.models.base import Floats

YEAR_DAYS = 365
MONTHS = 12


class PlanError(ValueError):
    """A plan that cannot be; the message says which figure and why."""


@dataclass(frozen=True)
class Pool:
    """People or machines that serve customers.

    Attributes
    ----------
    rate
        Money a minute: cost ÷ practical capacity.
    free
        Minutes nobody needs yet, by month from now; the last counts for all later months. Negative
        where the pool is overloaded as it is.
    capacity
        Practical capacity, minutes a month; nil: there is no overtime.
    """

    name: str
    rate: float
    free: tuple[float, ...]
    capacity: float = 0.0

    def free_in(self, months: int) -> Floats:
        """Shape ``(months,)``, never below nil."""
        known = np.maximum(np.array(self.free[:months] or (0.0,), dtype=np.float64), 0.0)
        return np.concatenate([known, np.full(max(months - known.size, 0), known[-1])])


@dataclass(frozen=True)
class Plan:
    """What is expected of a customer once it is won.

    Attributes
    ----------
    turnover
        Money a year at our prices, when all of it is bought.
    goods, rebate
        Shares of turnover.
    payment_days
        Days for which money is borrowed, at ``financing`` a year (a share).
    minutes
        A month, by name of the pool.
    first_month
        Of deliveries: 0 is the coming month.
    ramp
        Months until all of the turnover is bought, growing evenly; 1: from the first month on.
    staying
        Share of such customers who are still there after a year; above 0, at most 1.
    months
        From the first delivery on, so many are counted.
    discount
        What a year of waiting takes off, a share.

    Raises
    ------
    PlanError
        A figure is out of its range.
    """

    turnover: float
    goods: float
    rebate: float = 0.0
    payment_days: float = 0.0
    financing: float = 0.08
    minutes: Mapping[str, float] = field(default_factory=dict)
    first_month: int = 0
    ramp: int = 1
    staying: float = 0.8
    months: int = 36
    discount: float = 0.1

    def __post_init__(self) -> None:
        for name, allowed, said in (
            ("turnover", self.turnover >= 0, "not below 0"),
            ("goods", self.goods >= 0, "not below 0"),
            ("rebate", 0 <= self.rebate <= 1, "from 0 to 1"),
            ("payment_days", self.payment_days >= 0, "not below 0"),
            ("financing", self.financing >= 0, "not below 0"),
            ("minutes", all(each >= 0 for each in self.minutes.values()), "not below 0"),
            ("first_month", self.first_month >= 0, "not below 0"),
            ("ramp", self.ramp >= 1, "at least 1"),
            ("staying", 0 < self.staying <= 1, "above 0 and at most 1"),
            ("months", self.months >= 1, "at least 1"),
            ("discount", self.discount > -1, "above -1"),
        ):
            if not allowed:
                raise PlanError(f"{name} is {getattr(self, name)}; it must be {said}.")

    def later(self, months: int) -> Plan:
        return replace(self, first_month=self.first_month + months)

    def part(self, share: float) -> Plan:
        """A smaller customer: so much of the turnover and of the service."""
        minutes = {name: each * share for name, each in self.minutes.items()}
        return replace(self, turnover=self.turnover * share, minutes=minutes)

    def paid(self) -> float:
        """Share of turnover that is left after rebate and waiting for the money."""
        return (1 - self.rebate) * self._waited()

    def rebate_costs(self) -> float:
        """What a whole rebate would take from a month with all of the turnover, money."""
        return self.turnover / MONTHS * self._waited()

    def margin(self) -> float:
        """Of a month with all of the turnover, before service; money."""
        return self.turnover / MONTHS * (self.paid() - self.goods)

    def service(self, pools: Sequence[Pool]) -> float:
        """What service costs a month; money.

        Raises
        ------
        PlanError
            Minutes are planned in a pool that is not there.
        """
        rates = {pool.name: pool.rate for pool in pools}
        unknown = sorted(set(self.minutes) - set(rates))
        if unknown:
            raise PlanError(f"minutes are planned in {unknown[0]}; there is no such pool.")
        return sum(each * rates[name] for name, each in self.minutes.items())

    def month(self, pools: Sequence[Pool]) -> float:
        """Contribution of a month in which the customer is there and buys all; money."""
        return self.margin() - self.service(pools)

    def growing(self) -> Floats:
        """Share of the turnover by month from the first delivery on; shape ``(months,)``."""
        return np.minimum((np.arange(self.months) + 1.0) / self.ramp, 1.0)

    def there(self) -> Floats:
        """Share of such customers who are still there; shape ``(months,)``."""
        return np.asarray(self.staying ** (np.arange(self.months) / MONTHS))

    def worth_today(self) -> Floats:
        """What one unit of money of each month is worth now; shape ``(months,)``."""
        waiting = (self.first_month + np.arange(self.months)) / MONTHS
        return np.asarray((1 + self.discount) ** -waiting)

    def _waited(self) -> float:
        return 1 - self.payment_days * self.financing / YEAR_DAYS
