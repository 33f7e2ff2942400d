"""The purchase summary kept up to date: only who has new lines is summarised again.

Three steps: `touched` finds whose lines have to be read again, `refreshed` summarises those and
takes everybody else from the earlier summary. The answer is the one of a whole new run.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kundenstamm.worth.sources import table_of
from kundenstamm.worth.summary import COLUMNS, bought_days, summary, window_counts, window_names
from kundenstamm.worth.tables import LINES, TableError, check

if TYPE_CHECKING:
    import ibis.expr.types as ir


def touched(lines: ir.Table, written: Any, *, before: date, as_of: date) -> ir.Table:
    """All lines of the customers whose row may differ from the earlier summary's.

    Parameters
    ----------
    lines
        The whole transactions table as it is now.
    written
        What was written or changed since the earlier summary: any table with ``customer_id``.
    before, as_of
        The earlier summary's end and the new one's. Lines that were known but lay after
        ``before`` come into sight when the end moves on; their customers are touched, too.

    Raises
    ------
    TableError
        ``as_of`` lies before ``before``: going back takes a whole run.
    """
    if as_of < before:
        raise TableError(
            f"The earlier summary ends on {before}, after {as_of}. Going back in time takes a "
            "whole run: use summary()."
        )
    lines = check(lines, LINES)
    come = lines.filter(lines.date.between(before + timedelta(1), as_of)).select("customer_id")
    new = table_of(written).select("customer_id").cast(come.schema())
    who = come.union(new).distinct()
    return lines.join(who, "customer_id").select(*lines.columns)


def refreshed(
    earlier: Any,
    lines: ir.Table,
    as_of: date,
    *,
    regular_occasions: int = 3,
    windows: Sequence[int] = (),
    recent: ir.Table | None = None,
) -> ir.Table:
    """The summary up to ``as_of``, made of an earlier one and the lines of touched customers.

    Parameters
    ----------
    earlier
        What `kundenstamm.worth.summary.summary` or this function gave for the same or an earlier
        day, with the same ``regular_occasions``; an Ibis table or a frame.
    lines
        All lines, old and new, of the touched customers; see `touched`.
    as_of, regular_occasions, windows
        As for `kundenstamm.worth.summary.summary`.
    recent
        Everybody's lines of at least the last ``max(windows)`` days; needed with ``windows``
        only. An occasion drops out of a window as time passes, and the earlier summary does not
        keep the days by which to tell.

    Returns
    -------
    ibis.Table
        The same rows and columns as ``summary(all lines, as_of, …)``. A customer whose lines were
        all deleted would stay: entries are meant to be reversed, not deleted.

    Raises
    ------
    TableError
        ``earlier`` is no summary, or ``windows`` are asked for without ``recent``.
    """
    if windows and recent is None:
        raise TableError(
            f"The windows {list(windows)} need the lines of the last {max(windows)} days of all "
            "customers. Give them as recent=."
        )
    lines = check(lines, LINES)
    fresh = summary(lines, as_of, regular_occasions=regular_occasions, windows=windows)
    kept = _kept(_checked(table_of(earlier)), lines, as_of)
    if recent is not None:
        kept = _with_windows(kept, check(recent, LINES), as_of, windows)
    return fresh.union(kept.select(*fresh.columns).cast(fresh.schema()))


def _checked(earlier: ir.Table) -> ir.Table:
    missing = [name for name in COLUMNS if name not in earlier.columns]
    if missing:
        raise TableError(
            f"The earlier summary misses the column {missing[0]!r}. Give what summary() made, "
            f"with all of: {', '.join(COLUMNS)}."
        )
    return earlier.select(*COLUMNS)


def _kept(earlier: ir.Table, lines: ir.Table, as_of: date) -> ir.Table:
    """Rows of the customers without new lines: only their age moves on."""
    import ibis

    again = lines.select("customer_id").distinct()
    kept = earlier.cast({"customer_id": again.schema()["customer_id"]})
    # Neither a semi nor an anti join: Ibis writes them in words that PostgreSQL does not know.
    beside = kept.left_join(again.mutate(again=True), "customer_id")
    kept = beside.filter(beside.again.isnull()).select(*COLUMNS)
    return kept.mutate(age=ibis.literal(as_of).delta(kept.first_day, unit="day"))


def _with_windows(
    kept: ir.Table, recent: ir.Table, as_of: date, windows: Sequence[int]
) -> ir.Table:
    names = window_names(windows)
    bought = bought_days(recent, as_of)
    counted = bought.group_by("customer_id").agg(**window_counts(bought, as_of, windows))
    joined = kept.left_join(counted, "customer_id").drop("customer_id_right")
    return joined.mutate(**{name: joined[name].fill_null(0) for name in names})
