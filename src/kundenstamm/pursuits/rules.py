"""From which state a pursuit goes to which, what needs a reason, and what is left of its limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kundenstamm.kit.months import Month
from kundenstamm.pursuits.models import State

MONTHS = 12
# Where so much of the limit is spent, it is said.
NEARLY = Decimal("0.8")
MOST_STEPS = 12

OPEN = (State.CONSIDERING, State.GO, State.NEGOTIATING, State.PARKED)
# Whose work is reckoned with: by their chance.
RUNNING = (State.GO, State.NEGOTIATING)
LEADS_TO: dict[State, tuple[State, ...]] = {
    State.CONSIDERING: (State.GO, State.PARKED, State.LOST),
    State.GO: (State.NEGOTIATING, State.WON, State.LOST, State.PARKED, State.CONSIDERING),
    State.NEGOTIATING: (State.WON, State.LOST, State.PARKED, State.GO),
    State.WON: (State.NEGOTIATING,),
    State.LOST: (State.CONSIDERING,),
    State.PARKED: (State.CONSIDERING, State.GO, State.LOST),
}
# Whoever goes on against these says why.
AGAINST = ("later", "no")


def may_move(before: str, after: str) -> bool:
    return State(after) in LEADS_TO[State(before)]


def needs_sheet(after: str) -> bool:
    """Nobody goes on without having weighed."""
    return after in (State.GO, State.NEGOTIATING, State.WON)


def needs_reason(before: str, after: str, verdict: str) -> bool:
    """What is lost, put aside, or taken up against the verdict.

    >>> needs_reason("considering", "go", "later"), needs_reason("considering", "go", "go")
    (True, False)
    """
    if after in (State.LOST, State.PARKED):
        return True
    begins = before in (State.CONSIDERING, State.PARKED) and after in (State.GO, State.NEGOTIATING)
    return begins and verdict in AGAINST


@dataclass(frozen=True)
class Watched:
    """What a pursuit has cost, of what it may cost; money. Without a limit nothing is watched."""

    spent: Decimal
    limit: Decimal | None

    @property
    def share(self) -> Decimal | None:
        """Of the limit, 1 where nothing at all may be spent and something was."""
        if self.limit is None:
            return None
        if self.limit <= 0:
            return Decimal(1) if self.spent > 0 else Decimal(0)
        return self.spent / self.limit

    @property
    def state(self) -> str:
        """``over``, ``nearly``, or nothing.

        >>> [Watched(Decimal(n), Decimal(100)).state for n in (79, 80, 100, 101)]
        ['', 'nearly', 'nearly', 'over']
        """
        if self.limit is not None and self.spent > max(self.limit, Decimal(0)):
            return "over"
        return "nearly" if (self.share or 0) >= NEARLY else ""


def first_year(turnover: Decimal, ramp: int) -> Decimal:
    """What is promised of the first twelve months, growing evenly over those of ``ramp``.

    >>> first_year(Decimal(120_000), 1), first_year(Decimal(120_000), 4)
    (Decimal('120000'), Decimal('105000'))
    """
    shares = [min(Decimal(month) / ramp, Decimal(1)) for month in range(1, MONTHS + 1)]
    return turnover * sum(shares, Decimal(0)) / MONTHS


def months_between(first: date, then: date) -> int:
    """How many months a month comes after another; both by their first days."""
    return (then.year - first.year) * MONTHS + then.month - first.month


def month_after(first: date, months: int) -> date:
    """The first day of the month so many months later.

    >>> month_after(date(2026, 11, 1), 3)
    datetime.date(2027, 2, 1)
    """
    at = first.year * MONTHS + first.month - 1 + months
    return date(at // MONTHS, at % MONTHS + 1, 1)


def coming(today: date) -> date:
    """The month that counts as month nil: the one after today's."""
    return Month.of(today).after.first


def total(parts: Sequence[Decimal]) -> Decimal:
    return sum(parts, Decimal(0))
