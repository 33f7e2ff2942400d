"""A month of the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Month:
    """Named by its first day.

    >>> Month.parse("2026-02").last
    datetime.date(2026, 2, 28)
    """

    first: date

    def __post_init__(self) -> None:
        if self.first.day != 1:
            raise ValueError(f"{self.first} is not the first day of a month.")

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @classmethod
    def parse(cls, text: str) -> Month:
        """From ``2026-05``.

        Raises
        ------
        ValueError
            It is no month.
        """
        return cls(date.fromisoformat(f"{text}-01"))

    @property
    def last(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    @property
    def before(self) -> Month:
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def after(self) -> Month:
        return Month(self.last + timedelta(days=1))

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that a day lies in."""
        return cls(day.replace(day=1))
