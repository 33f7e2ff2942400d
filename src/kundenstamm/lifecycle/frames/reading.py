"""What a run had read, so that the next one knows who is touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection

from kundenstamm.company.models import CompanyProfile
from kundenstamm.ledger import copying
from kundenstamm.lifecycle.frames import base
from kundenstamm.lifecycle.frames.appraisal import COLUMNS
from kundenstamm.worth.stages import Stage

if TYPE_CHECKING:
    import polars as pl


def read_now(profile: CompanyProfile) -> dict[str, Any]:
    """Entries of each batch, and a mark of the margins by which goods are estimated.

    To be taken before the ledger is read: an entry that comes in between counts as new the next
    time, once too often rather than never. A batch may get further entries later (goods of a
    product whose cost has changed), so knowing the batch is not enough; the highest number of an
    entry is not either, since of two loads at once the later number may be there first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT batch_id, count(*) FROM ledger_entry GROUP BY batch_id")
        batches = {str(batch): count for batch, count in cursor.fetchall()}
        cursor.execute(_MARGINS, [str(profile.default_margin)])
        [margins] = cursor.fetchone()
    return {"batches": batches, "margins": margins}


def touched_since(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[int]:
    """Customers with an entry in a batch that is not the one of then."""
    known = before["batches"]
    new = [int(b) for b, count in now["batches"].items() if known.get(b) != count]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT customer_id FROM ledger_entry WHERE batch_id = ANY(%s)", [new]
        )
        return [customer for (customer,) in cursor.fetchall()]


def otherwise_parted(earlier: pl.DataFrame, customers: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Customers who are new, or whom we let go since, or not any more: ``customer_id``."""
    import polars as pl

    beside = customers.join(
        earlier.select("customer_id", "stage", "stage_since"), on="customer_id", how="left"
    )
    parted = (pl.col("parted_on") <= as_of).fill_null(value=False)
    told = pl.col("stage") == Stage.PARTED.value
    moved = parted & told & (pl.col("stage_since") != pl.col("parted_on"))
    return beside.filter(pl.col("stage").is_null() | (parted != told) | moved).select("customer_id")


def members(blocks: Sequence[int]) -> list[int]:
    """All customers of these blocks, also those withdrawn: their intervals are drawn with them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM customers_customer WHERE id / %s = ANY(%s) ORDER BY id",
            [base.BLOCK, list(blocks)],
        )
        return [customer for (customer,) in cursor.fetchall()]


def estimates(run: int) -> pl.DataFrame:
    """The stored rows of a run: the `COLUMNS` but the run and the places."""
    import polars as pl

    types = _types()
    names = [name for name in COLUMNS if name in types]
    chosen = ", ".join(
        f"{name}::int"
        if name == "estimated_margin"
        else f"{name}::text"
        if _is_json(name)
        else name
        for name in names
    )
    found = copying.read(
        f"SELECT {chosen} FROM lifecycle_estimate WHERE run_id = {int(run)}",  # noqa: S608
        {name: types[name] for name in names},
    )
    return found.with_columns(pl.col("estimated_margin").cast(pl.Boolean))


def _is_json(name: str) -> bool:
    return name in ("why", "stage_reason", "alarm_reason")


def _types() -> dict[str, Any]:
    import pyarrow as pa

    days = ("first_day", "last_day", "next_expected_day", "stage_since")
    floats = ("gap_mean", "gap_sd", "p_active", "expected_occasions")
    texts = ("why", "stage_reason", "stage", "alarm", "alarm_reason")
    others = {"customer_id": pa.int64(), "occasions": pa.int64(), "estimated_margin": pa.int8()}
    left_out = ("run_id", "rank", "lifetime_rank")
    return {
        name: others.get(name)
        or (
            pa.date32()
            if name in days
            else pa.float64()
            if name in floats
            else pa.string()
            if name in texts
            else pa.decimal128(18, 4)
        )
        for name in COLUMNS
        if name not in left_out
    }


# Products without a category follow the company's margin; a new one changes no line that is there.
_MARGINS = """
SELECT md5(concat_ws('|', %s,
    (SELECT string_agg(id || ':' || coalesce(margin::text, ''), ',' ORDER BY id)
     FROM ledger_productcategory),
    (SELECT string_agg(id || ':' || category_id, ',' ORDER BY id)
     FROM ledger_product WHERE category_id IS NOT NULL)))
"""
