"""The purchase summary of plain arrays, for bases so large that a database's detour shows.

The same columns and the same rules as `kundenstamm.worth.summary`, which reads any table; a test
holds both equal. Here customers are numbered from 0 and everything is in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.summary import COLUMNS
from kundenstamm.worth.tables import TableError

if TYPE_CHECKING:
    import polars as pl

    from kundenstamm.worth.kernels.occasions import Found

Days = npt.NDArray[np.int32]
Whole = npt.NDArray[Any]
EPOCH = date(1970, 1, 1).toordinal()


def summarise_arrays(
    customer: npt.ArrayLike,
    day: npt.ArrayLike,
    amount: npt.ArrayLike,
    as_of: date,
    *,
    contribution: npt.ArrayLike | None = None,
    cost_to_serve: npt.ArrayLike | None = None,
    regular_occasions: int = 3,
    windows: Sequence[int] = (),
) -> pl.DataFrame:
    """Summarise purchases up to ``as_of``.

    Parameters
    ----------
    customer
        Numbers from 0, without large holes; shape ``(lines,)``.
    day
        ``datetime64[D]``, or whole days since 1970-01-01; shape ``(lines,)``.
    amount
        What counts for net sales. Whole numbers (cents) are added up exactly; floats as floats.
    contribution
        What counts for contribution II, in the same unit; ``amount`` by default.
    cost_to_serve
        What of it is cost to serve, signed as it acts on profit; nothing by default.
    as_of, regular_occasions, windows
        See `kundenstamm.worth.summary.summary`.

    Returns
    -------
    polars.DataFrame
        One row per customer with any line up to ``as_of``, in the order of their numbers;
        columns `kundenstamm.worth.summary.COLUMNS` and the windows. Money in the unit of
        ``amount``, days in days.

    Raises
    ------
    TableError
        Arrays of different length, numbers of customers that are no such numbers, or an amount
        that is missing.
    """
    from kundenstamm.worth.kernels.occasions import Lines, found

    customers, days = _numbers(customer), _days(day)
    net = _money(amount)
    own = net if contribution is None else _money(contribution).astype(net.dtype)
    _check(customers, days, net, own)
    serving = None if cost_to_serve is None else _money(cost_to_serve)
    if serving is not None:
        _check(customers, days, net, serving)
    lines = Lines(customers, days, net, own)
    until = as_of.toordinal() - EPOCH
    lengths = np.asarray(windows, dtype=np.int64)
    if customers.size == 0:
        # One line of a day to come stands for none at all.
        lines = Lines(np.zeros(1, np.int64), np.full(1, until + 1), np.zeros(1), np.zeros(1))
    framed = _framed(found(lines, until, regular_occasions, lengths), until, windows)
    return framed if serving is None else _with_serving(framed, customers, days <= until, serving)


def _with_serving(
    framed: pl.DataFrame, customers: Whole, seen: npt.NDArray[np.bool_], serving: npt.NDArray[Any]
) -> pl.DataFrame:
    """The cost to serve of each customer, added up in the unit it came in."""
    import polars as pl

    rows = framed["customer_id"].to_numpy()
    sums = np.zeros(int(rows.max()) + 1 if rows.size else 0, dtype=serving.dtype)
    np.add.at(sums, customers[seen], serving[seen])
    return framed.with_columns(cost_to_serve=pl.Series(sums[rows].astype(np.float64)))


def _framed(made: Found, until: int, windows: Sequence[int]) -> pl.DataFrame:
    """The arrays under the summary's names; rows without a line are left out."""
    import polars as pl

    from kundenstamm.worth.kernels import occasions as place

    there = np.flatnonzero(made.counts[place.LINES] > 0)
    counts, spreads, sums, recent = (
        table if there.size == table.shape[1] else table[:, there]
        for table in (made.counts, made.spreads, made.sums, made.recent)
    )
    bought = counts[place.OCCASIONS].astype(np.int64)
    days = {
        name: _dates(counts[at])
        for name, at in (
            ("first_day", place.FIRST),
            ("last_day", place.LAST),
            ("previous_day", place.PREVIOUS),
            ("repeat_day", place.REPEAT),
            ("regular_day", place.REGULAR),
        )
    }
    means = np.where(bought > 0, sums[1] / np.maximum(bought, 1), np.nan)
    columns: dict[str, Any] = days | {
        "customer_id": there,
        "occasions": bought,
        "x": np.maximum(bought - 1, 0),
        "t_x": _between(counts[place.FIRST], counts[place.LAST]),
        "age": _between(counts[place.FIRST], until),
        "gap_mean": _known(spreads[place.GAP_MEAN]),
        "gap_sd": _known(spreads[place.GAP_SD]),
        "gap_log_mean": _known(spreads[place.GAP_LOG_MEAN]),
        "net_sales": sums[0],
        "contribution": sums[1],
        "contribution_mean": _known(means),
        "contribution_sd": _known(spreads[place.CONTRIBUTION_SD]),
        "cost_to_serve": np.zeros(there.size),
    }
    lately = {f"occasions_last_{days}": recent[at] for at, days in enumerate(windows)}
    return pl.DataFrame({name: columns[name] for name in COLUMNS} | lately)


def _known(values: npt.NDArray[np.float64]) -> pl.Series:
    import polars as pl

    return pl.Series(values, nan_to_null=True)


def _dates(days: Days) -> pl.Series:
    import polars as pl

    known = pl.Series(days)
    return known.replace(_never(), None).cast(pl.Date) if days.size else known.cast(pl.Date)


def _between(first: Days, last: Days | int) -> pl.Series:
    import polars as pl

    length = pl.Series(np.where(first == _never(), -1, last - first.astype(np.int64)))
    return length.replace(-1, None)


def _never() -> int:
    from kundenstamm.worth.kernels.occasions import NEVER

    return int(NEVER)


def _numbers(customer: npt.ArrayLike) -> npt.NDArray[Any]:
    numbers = np.ascontiguousarray(customer)
    if numbers.size and not np.issubdtype(numbers.dtype, np.integer):
        raise TableError(f"Customers must be numbered 0, 1, 2 …; found {numbers.dtype}.")
    if numbers.size and not 0 <= int(numbers.min()) <= int(numbers.max()) < _most(numbers.size):
        raise TableError("Customers must be numbered from 0 without large holes.")
    return numbers


def _most(lines: int) -> int:
    return 10 * lines + 1_000_000


def _days(day: npt.ArrayLike) -> npt.NDArray[Any]:
    days = np.asarray(day)
    if np.issubdtype(days.dtype, np.datetime64):
        return np.ascontiguousarray(days.astype("datetime64[D]").view(np.int64))
    if days.size and not np.issubdtype(days.dtype, np.integer):
        raise TableError(f"Days must be dates or whole numbers, not {days.dtype}.")
    return np.ascontiguousarray(days)


def _money(amount: npt.ArrayLike) -> npt.NDArray[Any]:
    money = np.ascontiguousarray(amount)
    whole = np.issubdtype(money.dtype, np.integer)
    return money.astype(np.int64 if whole else np.float64, copy=False)


def _check(*columns: npt.NDArray[Any]) -> None:
    if len({column.size for column in columns}) > 1:
        raise TableError(f"The arrays have different lengths: {[c.size for c in columns]}.")
    if not all(np.isfinite(column).all() for column in columns[2:]):
        raise TableError("An amount is missing or infinite.")
