"""The sums of a run: what pages show without reading every customer. JSON: money as strings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection

from kundenstamm.lifecycle.frames.base import YEAR
from kundenstamm.lifecycle.frames.shape import PROFITS, shape
from kundenstamm.worth.levels import STATEMENT, statement
from kundenstamm.worth.stages import Stage
from kundenstamm.worth.whale import whale

if TYPE_CHECKING:
    import polars as pl

Sums = Mapping[str, Decimal]


def totals(periods: Mapping[str, Sums], appraised: pl.DataFrame) -> dict[str, Any]:
    """Everything at once.

    Parameters
    ----------
    periods
        Statements of all lines: ``ever``, ``year``, ``previous``. Not the sums of ``appraised``:
        entries of a withdrawn customer stay in the books.
    appraised
        As `lifecycle.frames.appraisal.placed` ranks it.
    """
    counted = _counted(appraised)
    return {
        "customers": appraised.height,
        "buyers": int((appraised["occasions"] > 0).sum()),
        "stages": _stages(appraised),
        "stage_profits": _stage_profits(appraised),
        "ever": _statement(periods["ever"]),
        "year": _statement(periods["year"]),
        "previous_year": _statement(periods["previous"]),
        "whale": {level: _curve(counted, level) for level in PROFITS},
        "losses": _losses(counted, appraised),
        "regulars": _regulars(appraised),
        "risk": _risk(appraised),
        "expected": _money(_sum(appraised, "expected_contribution")),
        "lifetime": _money(_sum(appraised, "lifetime_value")),
        "quality": _quality(counted, appraised),
        "serving": _serving(appraised),
    } | shape(counted)


def sums(period: pl.DataFrame) -> Sums:
    """One statement of many."""
    return {name: _sum(period, name) for name in STATEMENT}


def ledger_sums(as_of: date) -> dict[str, Sums]:
    """The statements of the three periods up to ``as_of``, added up by the database."""
    last = as_of - YEAR
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT kind, sum(amount), sum(amount) FILTER (WHERE date > %(last)s),
                   sum(amount) FILTER (WHERE date > %(first)s AND date <= %(last)s)
            FROM ledger_line WHERE date <= %(as_of)s GROUP BY kind
            """,
            {"as_of": as_of, "last": last, "first": last - YEAR},
        )
        rows = cursor.fetchall()
    return {
        name: statement({row[0]: row[place] or Decimal(0) for row in rows})
        for place, name in enumerate(("ever", "year", "previous"), 1)
    }


def _counted(ranked: pl.DataFrame) -> pl.DataFrame:
    """Customers of whom the year's books tell anything."""
    import polars as pl

    return ranked.filter(pl.any_horizontal(pl.col(f"year_{name}") != 0 for name in STATEMENT))


def narrowed(estimates: pl.DataFrame) -> dict[str, Any]:
    """The same sums over some customers only, as `lifecycle.queries.part.part` gives them.

    Nothing in it tells of the others: places are places among these.
    """
    import polars as pl

    ranked = estimates.sort("year_contribution_3", "customer_id", descending=True)
    ranked = ranked.with_columns(rank=pl.int_range(1, pl.len() + 1))
    counted = _counted(ranked)
    year = {name: _money(_sum(ranked, f"year_{name}")) for name in STATEMENT}
    return {
        "customers": ranked.height,
        "stages": _stages(ranked),
        "stage_profits": _stage_profits(ranked),
        "year": year,
        "previous_year": {"contribution_3": _money(_sum(ranked, "previous_contribution_3"))},
        "whale": {level: _curve(counted, level) for level in PROFITS},
        "losses": _losses(counted, ranked),
        "regulars": _regulars(ranked),
        "risk": _risk(ranked),
        "expected": _money(_sum(ranked, "expected_contribution")),
        "quality": _quality(counted, ranked),
    } | shape(counted)


def _stages(appraised: pl.DataFrame) -> dict[str, int]:
    counts = dict(appraised["stage"].value_counts().iter_rows())
    return {stage.value: counts.get(stage.value, 0) for stage in Stage}


def _stage_profits(appraised: pl.DataFrame) -> dict[str, str]:
    """What the customers of each stage brought in the year."""
    import polars as pl

    return {
        stage.value: _money(
            _sum(appraised.filter(pl.col("stage") == stage.value), "year_contribution_3")
        )
        for stage in Stage
    }


def _statement(period: Sums) -> dict[str, str]:
    return {name: _money(period[name]) for name in STATEMENT}


def _curve(counted: pl.DataFrame, level: str) -> dict[str, Any] | None:
    """The whale curve of the customers with anything in the year's books.

    ``places`` are the ranks that belong to the points of contribution III: the ranking also holds
    customers without any entry, who stand between those who earn and those who cost.
    """
    profits = counted[f"year_{level}"].cast(float).to_numpy()
    found = whale(profits)
    if found is None:
        return None
    curve = found.as_data() | {"shares": [round(share, 6) for share in found.shares]}
    if level == "contribution_3":
        places = counted["rank"].to_list()
        curve["places"] = [places[rank - 1] if rank else 0 for rank in found.ranks]
    return curve


def _losses(counted: pl.DataFrame, appraised: pl.DataFrame) -> dict[str, Any]:
    """Who costs more than they bring, and from which place on."""
    import polars as pl

    losing = appraised.filter(pl.col("year_contribution_3") < 0)
    return {
        "customers": losing.height,
        "share": _share(losing.height, counted.height),
        "contribution_3": _money(_sum(losing, "year_contribution_3")),
        "from_rank": losing["rank"].min(),
    }


def _regulars(appraised: pl.DataFrame) -> dict[str, Any]:
    import polars as pl

    regular = appraised.filter(pl.col("stage") == Stage.REGULAR.value)
    profit = _sum(regular, "year_contribution_3")
    return {
        "customers": regular.height,
        "share": _share(regular.height, int((appraised["occasions"] > 0).sum())),
        "contribution_3": _money(profit),
        "share_of_profit": _share_of(profit, _sum(appraised, "year_contribution_3")),
        "net_revenue": _money(_sum(regular, "year_net_revenue")),
        "cost_to_serve": _money(_sum(regular, "year_cost_to_serve")),
    }


def _risk(appraised: pl.DataFrame) -> dict[str, Any]:
    """Customers at risk, and what would be lost with them beyond what is given up already."""
    import polars as pl

    late = appraised.filter(pl.col("stage") == Stage.AT_RISK.value)
    return {"customers": late.height, "value": _money(_sum(late, "value_at_risk"))}


def _quality(counted: pl.DataFrame, appraised: pl.DataFrame) -> dict[str, Any]:
    """Size is not quality: how much hangs on few, how much comes back, how sure the figures are."""
    import polars as pl

    buyers = appraised.filter(pl.col("occasions") > 0)
    goods = _sum(appraised.filter("estimated_margin"), "year_goods")
    return {
        "active": float(buyers["p_active"].sum() or 0),
        "bought_again": _share(int((buyers["occasions"] > 1).sum()), buyers.height),
        "with_entries_in_year": counted.height,
        "estimated_margin_share": _share_of(goods, _sum(appraised, "year_goods")),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None


def _share_of(part: Decimal, whole: Decimal) -> float | None:
    """Shares of a total that is nothing or negative say nothing."""
    return round(float(part) / float(whole), 6) if whole and whole * part >= 0 else None


def _serving(appraised: pl.DataFrame) -> dict[str, str]:
    """What serving took in the year, and what it is expected to take of the same customers in the
    next; both positive."""
    return {
        "year": _money(-_sum(appraised, "year_cost_to_serve")),
        "expected": _money(_sum(appraised, "expected_cost_to_serve")),
    }


def _sum(table: pl.DataFrame, column: str) -> Decimal:
    return Decimal(table[column].sum() or 0)


def _money(amount: Decimal) -> str:
    return str(amount.quantize(Decimal("0.0001")))
