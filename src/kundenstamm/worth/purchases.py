"""Days of purchase as plain arrays: the past of any day, and what came after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.arrays import EPOCH, summarise_arrays
from kundenstamm.worth.covariates import Covariates
from kundenstamm.worth.models.base import Floats

if TYPE_CHECKING:
    import polars as pl

Whole = npt.NDArray[np.int64]


YEAR = 365
# A past window wants this much history before it, days, and so many customers.
LEAST_HISTORY, LEAST_CUSTOMERS = 60, 100


def lookback(days: int) -> tuple[int, ...]:
    """Lengths of the windows whose occasions tell something about the coming ``days``.

    The last weeks, the last window of equal length, and what a year ago came in the same season.
    """
    lengths = {30, 60, 91, days} | ({YEAR, YEAR - days} if days < YEAR else set())
    return tuple(sorted(lengths))


@dataclass(frozen=True)
class Window:
    """What was known at a day, and what the ``days`` after it brought.

    ``summary`` holds the customers with an occasion up to ``as_of`` (the summary's columns and
    those of `lookback`); ``occasions`` and ``contribution`` (money) have its
    rows.
    """

    as_of: date
    days: int
    summary: pl.DataFrame
    occasions: Floats
    contribution: Floats


@dataclass(frozen=True)
class Purchases:
    """Net sales and contribution of each customer and day.

    Attributes
    ----------
    customers : polars.Series
        Who stands behind the numbers 0, 1, 2 …
    customer, day : array of int
        Number, and days since 1970-01-01; shape ``(customer-days,)``.
    net, contribution : array
        Money.
    covariates : Covariates, optional
        What else is known of the customers.
    """

    customers: pl.Series
    customer: Whole
    day: Whole
    net: Floats
    contribution: Floats
    covariates: Covariates | None = None

    @classmethod
    def of(cls, transactions: Any, covariates: Covariates | None = None) -> Purchases:
        """From whatever `kundenstamm.worth.tables.read` takes.

        Raises
        ------
        TableError
            A column is missing or has the wrong type.
        """
        import polars as pl

        from kundenstamm.worth.summary import by_day
        from kundenstamm.worth.tables import read

        frame = by_day(read(transactions)).to_polars().sort("customer_id", "date")
        ids = frame["customer_id"].unique(maintain_order=True)
        customer = frame["customer_id"].rle_id().cast(pl.Int64).to_numpy()
        money = frame.select(pl.col("net", "contribution").cast(pl.Float64))
        return cls(
            ids,
            customer,
            frame["date"].cast(pl.Int32).cast(pl.Int64).to_numpy(),
            np.round(money["net"].to_numpy(), 6),
            money["contribution"].to_numpy(),
            covariates,
        )

    @property
    def first_day(self) -> date | None:
        """Of all purchases; None where nobody has bought."""
        bought = self.day[self.net > 0]
        return date.fromordinal(int(bought.min()) + EPOCH) if bought.size else None

    def until(self, as_of: date) -> Purchases:
        """Nothing after ``as_of``: whoever gets this cannot look ahead."""
        past = self._part(self.day <= as_of.toordinal() - EPOCH)
        told = self.covariates
        return past if told is None else replace(past, covariates=told.until(as_of))

    def thinned(self, most: int) -> Purchases:
        """All days of at most ``most`` customers, spread evenly over those that are there.

        Numbers of customers who come later play no part: who is chosen must not depend on them.
        """
        there = np.unique(self.customer)
        step = -(-there.size // most)
        return self if step <= 1 else self._part(np.isin(self.customer, there[::step]))

    def summary(self, as_of: date, windows: Sequence[int] = ()) -> pl.DataFrame:
        """Customers with an occasion up to ``as_of``; ``customer_id`` is their number.

        Columns as in `kundenstamm.worth.summary.summary`.
        """
        import polars as pl

        made = summarise_arrays(
            self.customer,
            self.day,
            self.net,
            as_of,
            contribution=self.contribution,
            windows=windows,
        )
        return made.filter(pl.col("occasions") > 0)

    def outlook(self, as_of: date, days: int) -> pl.DataFrame:
        """The summary with all that may tell something about the coming ``days``.

        That is the windows of `lookback`, and the covariates where there are any.
        """
        summary = self.summary(as_of, lookback(days))
        if self.covariates is None:
            return summary
        who = self.customers.gather(summary["customer_id"])
        return summary.hstack(self.covariates.at(who, as_of, days))

    def window(self, as_of: date, days: int) -> Window:
        """The outlook at ``as_of`` and what the ``days`` after it brought."""
        summary = self.outlook(as_of, days)
        start = as_of.toordinal() - EPOCH
        inside = (self.day > start) & (self.day <= start + days)
        size = len(self.customers)
        rows = summary["customer_id"].to_numpy()
        bought = np.bincount(self.customer[inside & (self.net > 0)], minlength=size)
        brought = np.bincount(self.customer[inside], self.contribution[inside], minlength=size)
        return Window(as_of, days, summary, bought[rows].astype(np.float64), brought[rows])

    def earlier(self, as_of: date, days: int, most: int = 8) -> list[Window]:
        """Windows of ``days`` that end at ``as_of`` or before, the latest first.

        They overlap by five sixths; those that begin a year and two years before ``as_of`` are
        among them. Windows with little history before them are left out: the list may be empty.
        """
        first = self.first_day
        if first is None:
            return []
        back = {days + n * max(days // 6, 1) for n in range(most)}
        back |= {n * YEAR for n in (1, 2) if days <= n * YEAR}
        cuts = [as_of - timedelta(n) for n in sorted(back)]
        least = max(LEAST_HISTORY, days // 3)
        past = self.until(as_of)
        found = [past.window(cut, days) for cut in cuts if (cut - first).days >= least]
        return [window for window in found if window.summary.height >= LEAST_CUSTOMERS]

    def _part(self, rows: npt.NDArray[np.bool_]) -> Purchases:
        return replace(
            self,
            customer=self.customer[rows],
            day=self.day[rows],
            net=self.net[rows],
            contribution=self.contribution[rows],
        )
