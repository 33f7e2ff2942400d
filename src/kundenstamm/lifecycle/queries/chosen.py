"""Which part of the base, in which period: what the base page is narrowed to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kundenstamm.kit.quarters import Quarter
from kundenstamm.lifecycle.frames.base import YEAR
from kundenstamm.lifecycle.frames.quarters import LOOK_BACK
from kundenstamm.lifecycle.queries.wanted import Wanted

TWELVE_MONTHS, THIS_YEAR, LAST_YEAR = "year", "this-year", "last-year"


@dataclass(frozen=True)
class Period:
    """``name`` stands in addresses; both days are included. Up to the run's day, not beyond."""

    name: str
    first: date
    last: date
    # The whole of the same length a year earlier; None where this one is not over yet.
    before: tuple[date, date] | None = None

    @property
    def is_usual(self) -> bool:
        """The twelve months that every estimate has ready."""
        return self.name == TWELVE_MONTHS

    @property
    def quarter(self) -> Quarter | None:
        try:
            return Quarter.parse(self.name)
        except ValueError:
            return None


def period(name: str, as_of: date) -> Period:
    """The period of that name as of a day; the twelve months up to it for any other word."""
    if name == THIS_YEAR:
        return Period(name, date(as_of.year, 1, 1), as_of)
    if name == LAST_YEAR:
        year = as_of.year - 1
        before = (date(year - 1, 1, 1), date(year - 1, 12, 31))
        return Period(name, date(year, 1, 1), date(year, 12, 31), before)
    for quarter in quarters(as_of):
        if str(quarter) == name:
            return _of_quarter(quarter, as_of)
    first = as_of - YEAR + timedelta(days=1)
    return Period(TWELVE_MONTHS, first, as_of, (first - YEAR, first - timedelta(days=1)))


def quarters(as_of: date) -> list[Quarter]:
    """Those that can be chosen, newest first; the first may be running still."""
    return [Quarter.of(as_of).earlier(back) for back in range(LOOK_BACK)]


def _of_quarter(quarter: Quarter, as_of: date) -> Period:
    if quarter.last > as_of:
        return Period(str(quarter), quarter.first, as_of)
    year_before = quarter.earlier(4)
    # Of the earliest quarters the year before is not kept any more.
    known = year_before.first.year >= as_of.year - 2
    before = (year_before.first, year_before.last) if known else None
    return Period(str(quarter), quarter.first, quarter.last, before)


@dataclass(frozen=True)
class Chosen:
    """What is left empty does not narrow."""

    period: str = TWELVE_MONTHS
    level: int = 3
    links: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    representatives: tuple[str, ...] = ()
    wanted: Wanted = field(init=False)

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3):
            raise ValueError(f"There is no contribution {self.level}.")
        narrowed = Wanted(
            links=self.links, channels=self.channels, representatives=self.representatives
        )
        object.__setattr__(self, "wanted", narrowed)

    @property
    def profit(self) -> str:
        return f"contribution_{self.level}"

    @property
    def narrows(self) -> bool:
        """Whether some customers are left out."""
        return self.wanted.narrows_customers

    def as_query(self) -> list[tuple[str, Any]]:
        """As it stands in addresses: whatever is not as usual."""
        pairs: list[tuple[str, Any]] = []
        if self.period != TWELVE_MONTHS:
            pairs.append(("period", self.period))
        if self.level != 3:
            pairs.append(("level", self.level))
        return pairs + self.of_customers()

    def of_customers(self) -> list[tuple[str, str]]:
        """Those filters only that the customers' list knows, too."""
        named = {
            "link": self.links,
            "channel": self.channels,
            "representative": self.representatives,
        }
        return [(name, value) for name, values in named.items() for value in values]
