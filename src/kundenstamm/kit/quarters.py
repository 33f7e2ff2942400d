"""Quarters of the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Quarter:
    """Named by its first day.

    >>> Quarter.of(date(2026, 2, 28)).last
    datetime.date(2026, 3, 31)
    >>> str(Quarter.parse("2026-Q1").earlier(1))
    '2025-Q4'
    """

    first: date

    def __str__(self) -> str:
        return f"{self.first.year}-Q{self.number}"

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter that a day lies in."""
        return cls(date(day.year, (day.month - 1) // 3 * 3 + 1, 1))

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """From ``2026-Q1``.

        Raises
        ------
        ValueError
            It is no quarter.
        """
        year, _dash, number = text.partition("-Q")
        if len(year) != 4 or not year.isdecimal() or number not in ("1", "2", "3", "4"):
            raise ValueError(f"{text} is no quarter; one is written like 2026-Q1.")
        return cls(date(int(year), int(number) * 3 - 2, 1))

    @property
    def number(self) -> int:
        return (self.first.month + 2) // 3

    @property
    def last(self) -> date:
        return (self.first + timedelta(days=95)).replace(day=1) - timedelta(days=1)

    def earlier(self, by: int) -> Quarter:
        """So many quarters before."""
        place = self.first.year * 4 + self.number - 1 - by
        return Quarter(date(place // 4, place % 4 * 3 + 1, 1))
