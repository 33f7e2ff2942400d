"""How much expected value hangs on single people: on each of them, and in the whole firm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Firm:
    """Of all customers. Money: what is expected of them, none below nil.

    Attributes
    ----------
    value
        Of everybody.
    known
        Of those whom somebody here has spoken with; of the others nobody can say whom they know.
    bound
        What hangs on colleagues, covered or not.
    hanging
        What hangs on one person without cover.
    customers, alone
        Customers that somebody holds, and those of them whom nobody else covers at all.
    """

    value: float
    known: float
    bound: float
    hanging: float
    customers: int
    alone: int

    @property
    def dependency(self) -> float:
        """The one figure: share of the expected value that hangs on one person without cover."""
        return self.hanging / self.value if self.value > 0 else 0.0

    @property
    def cover(self) -> float:
        """Share of what hangs on colleagues that somebody else covers."""
        return 1 - self.hanging / self.bound if self.bound > 0 else 0.0


def valued(bonds: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """Bonds with money.

    Parameters
    ----------
    bonds
        Of `kundenstamm.worth.relations.bonds.bonds`.
    values
        ``customer_id``, ``value`` (expected contribution of twelve months, money).

    Returns
    -------
    polars.DataFrame
        ``bonds`` with ``value`` (not below nil: who costs money takes none along; nil where nothing
        is known) and ``hanging`` = value × bound × (1 − cover).
    """
    import polars as pl

    money = values.select(
        pl.col("customer_id").cast(bonds.schema["customer_id"]),
        pl.col("value").cast(pl.Float64).fill_nan(0.0).fill_null(0.0).clip(0.0),
    )
    joined = bonds.join(money, on="customer_id", how="left", maintain_order="left")
    value = pl.col("value").fill_null(0.0)
    return joined.with_columns(value=value, hanging=value * pl.col("bound") * (1 - pl.col("cover")))


def dependencies(valued: pl.DataFrame) -> pl.DataFrame:
    """Of each colleague who is here, the one on whom most hangs first.

    Returns
    -------
    polars.DataFrame
        ``colleague_id``, ``customers`` (held), ``value`` (expected of these), ``bound`` (what hangs
        on the colleague, covered or not), ``hanging`` (its dependency: not covered); money.
    """
    import polars as pl

    summed = valued.filter("here").group_by("colleague_id").agg(
        customers=pl.col("holds").sum().cast(pl.Int64),
        value=pl.col("value").filter("holds").sum(),
        bound=(pl.col("value") * pl.col("bound")).sum(),
        hanging=pl.col("hanging").sum(),
    )  # fmt: skip
    return summed.sort("hanging", "colleague_id", descending=[True, False])


def firm(valued: pl.DataFrame, values: pl.DataFrame) -> Firm:
    """The same over everybody; ``values`` as `valued` takes it."""
    import polars as pl

    money = values["value"].cast(pl.Float64).fill_nan(0.0).fill_null(0.0).clip(0.0)
    here = valued.filter("here", pl.col("strength") > 0)
    held = here.filter("holds")
    return Firm(
        value=float(money.sum()),
        known=float(held["value"].sum()),
        bound=float((here["value"] * here["bound"]).sum()),
        hanging=float(here["hanging"].sum()),
        customers=held.height,
        alone=held.filter(pl.col("cover") == 0).height,
    )
