"""What hangs on each colleague at each customer: the bound share, and how far others cover it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

# The firm itself, its goods and habits hold a customer like one conversation a year ago.
FIRM = 0.25
# Somebody else covers from this strength on (one conversation half a year ago), and in full from
# the other (two fresh ones).
COVERS_FROM, COVERS_FULLY = 0.5, 2.0


def bonds(strengths: pl.DataFrame, here: Collection[object] | None = None) -> pl.DataFrame:
    """The bound share of each colleague, the cover by all others, and who holds the customer.

    Parameters
    ----------
    strengths
        Of `kundenstamm.worth.relations.strength.strengths`.
    here
        Colleagues who still work here; None: all. Who has left is bound to nobody any more, covers
        nobody and holds nobody.

    Returns
    -------
    polars.DataFrame
        ``strengths`` with ``here``, ``bound`` (share of the customer that hangs on the colleague:
        ``strength / (FIRM + strength of all who are here)``), ``cover`` (0–1, by the others who are
        here) and ``holds`` (the one with the largest strength above nil; of two equal ones whoever
        spoke last, then the first in order).

    Notes
    -----
    Bound shares and the firm's own share sum to one. Cover by one other colleague is `covering` of
    its strength; several cover as independent chances do: ``1 − Π (1 − covering)``.
    """
    import polars as pl

    works = pl.lit(True) if here is None else pl.col("colleague_id").is_in(list(here))
    told = strengths.with_columns(here=works)
    active = pl.when("here").then("strength").otherwise(0.0)
    told = told.with_columns(active=active)
    told = told.with_columns(
        bound=pl.col("active") / (FIRM + pl.col("active").sum().over("customer_id")),
        missing=1 - covering(pl.col("active")),
    )
    told = told.with_columns(cover=1 - _product_of_others(pl.col("missing")))
    return told.with_columns(holds=_first()).drop("active", "missing")


def covering(strength: pl.Expr) -> pl.Expr:
    """How far one other colleague of this strength could take over: 0–1, continuous."""
    return ((strength - COVERS_FROM) / (COVERS_FULLY - COVERS_FROM)).clip(0.0, 1.0)


def _product_of_others(factor: pl.Expr) -> pl.Expr:
    """Within each customer, of all rows but one's own; a factor of nil does not divide."""
    import polars as pl

    nil = factor == 0
    nils_elsewhere = nil.sum().over("customer_id") - nil.cast(pl.UInt32)
    others = pl.when(nil).then(1.0).otherwise(factor)
    product = others.log().sum().over("customer_id") - others.log()
    return pl.when(nils_elsewhere > 0).then(0.0).otherwise(product.exp().clip(0.0, 1.0))


def _first() -> pl.Expr:
    import polars as pl

    order = pl.struct(
        pl.col("active"), pl.col("last_day").fill_null(pl.date(1, 1, 1)), -pl.int_range(pl.len())
    )
    best = order.rank("ordinal", descending=True).over("customer_id")
    return (best == 1) & (pl.col("active") > 0)
