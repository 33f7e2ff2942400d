"""What late payment costs: the open amount, for the days it was late, at a financing rate."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

YEAR = 365
UNIT = Decimal("0.0001")


def days_late(due: date, paid: date | None, until: date) -> int:
    """Days after the due one up to the payment, or up to ``until`` if that is earlier.

    >>> days_late(date(2026, 5, 20), date(2026, 6, 10), until=date(2026, 5, 31))
    11
    """
    end = until if paid is None else min(paid, until)
    return max((end - due).days, 0)


def cost_of_days(amount: Decimal, days: int, rate: Decimal) -> Decimal:
    """Amount × days × rate ÷ 365, to a ten-thousandth.

    >>> cost_of_days(Decimal(1200), 30, Decimal("0.06"))
    Decimal('5.9178')
    """
    return (amount * days * rate / YEAR).quantize(UNIT, ROUND_HALF_EVEN)


def cost_of_period(
    amount: Decimal, due: date, paid: date | None, first: date, last: date, rate: Decimal
) -> Decimal:
    """What the days of a period cost: all up to its end, less all up to the day before it.

    So the periods of one payment add up to what all of its days cost, to the last digit.
    """
    before, by_end = (
        cost_of_days(amount, days_late(due, paid, until), rate)
        for until in (first - timedelta(days=1), last)
    )
    return by_end - before
