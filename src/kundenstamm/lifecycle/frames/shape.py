"""The shape of the base in a period: how much hangs on few, and size against profit. JSON.

Of tables of one row per customer: ``customer_id``, ``stage``, ``alarm``, and the period's statement
in columns ``year_…``, whatever period that is.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kundenstamm.worth.concentration import concentration
from kundenstamm.worth.stages import Stage

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import polars as pl

    Floats = npt.NDArray[np.float64]

PROFITS = ("contribution_1", "contribution_2", "contribution_3")
NAMED = 10
# More customers than this are drawn in cells of a grid, fewer one by one.
SINGLE_AT_MOST = 300
GRID = (26, 18)


def shape(counted: pl.DataFrame) -> dict[str, Any]:
    """Of customers of whom the period's books tell anything."""
    return {
        "concentration": _concentration(counted),
        "sizes": {level: sizes(counted, level) for level in PROFITS},
        "care": care(counted),
        "alarms": _alarms(counted),
    }


def _concentration(counted: pl.DataFrame) -> dict[str, Any]:
    return {
        name: concentration(_floats(counted, f"year_{name}")).as_data()
        for name in ("net_revenue", *PROFITS)
    }


def _alarms(counted: pl.DataFrame) -> dict[str, int]:
    return dict(counted["alarm"].value_counts().iter_rows())


def care(counted: pl.DataFrame) -> dict[str, Any]:
    """Stage → what serving, winning and keeping its customers took, and per euro they brought.

    Brought is contribution I: what there is to pay for it. Without any there is no share.
    """
    import polars as pl

    names = ("contribution_1", "cost_to_serve", "winning")
    sums = counted.group_by("stage").agg(
        customers=pl.len(), **{name: pl.col(f"year_{name}").sum() for name in names}
    )
    by_stage = {row["stage"]: row for row in sums.iter_rows(named=True)}
    found = {}
    for stage in Stage:
        if (row := by_stage.get(stage.value)) is None:
            continue
        brought = Decimal(row["contribution_1"])
        taken = -Decimal(row["cost_to_serve"]) - Decimal(row["winning"])
        found[stage.value] = {
            "customers": row["customers"],
            **{name: str(row[name]) for name in names},
            "per_euro": round(float(taken / brought), 6) if brought > 0 else None,
        }
    return found


def sizes(counted: pl.DataFrame, level: str) -> dict[str, Any]:
    """Net revenue against profit: single customers, or cells of how many; and the big ones.

    ``big``: of the ten largest by net revenue those who are not among the ten most profitable.
    """
    x, y = _floats(counted, "year_net_revenue"), _floats(counted, f"year_{level}")
    who = counted["customer_id"].to_list()
    single = (
        [] if len(who) > SINGLE_AT_MOST else list(zip(who, x.tolist(), y.tolist(), strict=True))
    )
    return {
        "single": single,
        "cells": [] if len(who) <= SINGLE_AT_MOST else _cells(x, y),
        "big": _big(counted, level),
    }


def _big(counted: pl.DataFrame, level: str) -> list[dict[str, Any]]:
    import polars as pl

    profit = f"year_{level}"
    places = counted.select(
        "customer_id",
        "year_net_revenue",
        profit=profit,
        size=pl.struct("year_net_revenue", "customer_id").rank("ordinal", descending=True),
        place=pl.struct(profit, "customer_id").rank("ordinal", descending=True),
    )
    big = places.filter((pl.col("size") <= NAMED) & (pl.col("place") > NAMED)).sort("size")
    return [
        {
            "customer": row["customer_id"],
            "net_revenue": float(row["year_net_revenue"]),
            "profit": float(row["profit"]),
            "size": row["size"],
            "place": row["place"],
        }
        for row in big.iter_rows(named=True)
    ]


def _cells(x: Floats, y: Floats) -> list[dict[str, Any]]:
    """Cells of a grid that is even in square roots: money is spread over powers of ten."""
    import polars as pl

    columns, rows = _edges(x, GRID[0]), _edges(y, GRID[1])
    placed = pl.DataFrame({"x": x, "y": y, "i": _place(x, columns), "j": _place(y, rows)})
    cells = placed.group_by("i", "j").agg(pl.col("x", "y").mean().round(2), customers=pl.len())
    return [
        {
            "x": row["x"],
            "y": row["y"],
            "customers": row["customers"],
            "net": [float(columns[row["i"]]), float(columns[row["i"] + 1])],
            "profit": [float(rows[row["j"]]), float(rows[row["j"] + 1])],
        }
        for row in cells.sort("i", "j").iter_rows(named=True)
    ]


def _edges(values: Floats, count: int) -> Floats:
    """From the least to above the greatest, with zero among them, in whole units of money."""
    import numpy as np

    roots = np.sign(values) * np.sqrt(np.abs(values))
    low, high = min(roots.min(), 0.0), max(roots.max(), 1.0)
    step = (high - low) / count
    even = np.arange(np.floor(low / step), np.ceil(high / step)) * step
    # Downwards, so that the least is within; the last edge is above the greatest.
    edges = np.floor(np.sign(even) * even**2)
    top = np.floor(values.max()) + 1
    return np.unique(np.append(edges[edges < top], top))


def _place(values: Floats, edges: Floats) -> npt.NDArray[np.int64]:
    import numpy as np

    return np.asarray(np.searchsorted(edges, values, side="right") - 1, dtype=np.int64)


def _floats(table: pl.DataFrame, column: str) -> Floats:
    import numpy as np

    return np.asarray(table[column].cast(float).to_numpy(), dtype=np.float64)
