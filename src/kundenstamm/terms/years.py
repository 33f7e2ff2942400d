"""The company's year: bonuses are of a year, and its notes come at its end or after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kundenstamm.kit.months import Month


@dataclass(frozen=True)
class Year:
    """Named by its first day.

    >>> Year.of(date(2026, 3, 31), starts_in=4).first
    datetime.date(2025, 4, 1)
    """

    first: date

    @classmethod
    def of(cls, day: date, starts_in: int = 1) -> Year:
        return cls(date(day.year - (day.month < starts_in), starts_in, 1))

    @property
    def last(self) -> date:
        return self.first.replace(year=self.first.year + 1) - timedelta(days=1)

    @property
    def last_month(self) -> Month:
        return Month(self.last.replace(day=1))

    @property
    def before(self) -> Year:
        return Year(self.first.replace(year=self.first.year - 1))

    def months_from(self, month: Month) -> list[Month]:
        """The months of this year from one on."""
        found = [month]
        while found[-1].last < self.last:
            found.append(Month(found[-1].last + timedelta(days=1)))
        return found


def year_of_note(day: date, valid_from: date, starts_in: int = 1) -> Year:
    """Which year a bonus note is for.

    In a year's last month it is for that year; else for the year before, if the agreement held
    then, and otherwise an early part of the year's own.

    >>> year_of_note(date(2026, 1, 20), date(2024, 1, 1)).first
    datetime.date(2025, 1, 1)
    >>> year_of_note(date(2026, 1, 20), date(2026, 1, 1)).first
    datetime.date(2026, 1, 1)
    """
    own = Year.of(day, starts_in)
    if day >= own.last_month.first or valid_from > own.before.last:
        return own
    return own.before
