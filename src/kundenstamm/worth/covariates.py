"""What is known of customers beside their purchases, as it stood on any day.

Traits hold from the start (channel, link of the chain, region, who serves them); events have a
day (a complaint, a contact, a rebate, a purchase of a product group) and perhaps a value. Both
become columns of the purchase summary whose names begin with ``given_``; boosted trees learn from
them (`kundenstamm.worth.models.learned`), parametric models do not see them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kundenstamm.worth.tables import TableError

if TYPE_CHECKING:
    import polars as pl

PREFIX = "given_"
# Of more kinds of events than this the most frequent count.
MOST_KINDS = 30


@dataclass(frozen=True)
class Covariates:
    """Tables of traits (one row per customer) and of events; see `of`."""

    traits: pl.DataFrame | None = None
    events: pl.DataFrame | None = None

    @classmethod
    def of(cls, traits: Any = None, events: Any = None) -> Covariates:
        """Checked tables; anything that Polars takes as a frame.

        Parameters
        ----------
        traits
            ``customer_id`` as in the transactions, once each, and any columns: text, truth values
            or numbers. They must have been known when the customer was new: a trait that is
            changed by what the customer did later would let the past look ahead.
        events
            ``customer_id``, ``date``, ``kind`` (text) and, if there is one, ``value`` (a number).

        Raises
        ------
        TableError
            A column is missing, a customer stands twice among the traits, or a value of an
            event is no number.
        """
        return cls(
            None if traits is None else _traits(_frame(traits)),
            None if events is None else _events(_frame(events)),
        )

    def until(self, as_of: date) -> Covariates:
        """Nothing after ``as_of``."""
        if self.events is None:
            return self
        return Covariates(self.traits, self.events.filter(self.events["date"] <= as_of))

    def at(self, customers: pl.Series, as_of: date, days: int) -> pl.DataFrame:
        """What was known at ``as_of``; one row for each of ``customers``, in their order.

        Returns
        -------
        polars.DataFrame
            ``given_…`` per trait; per kind of event ``given_…_count`` and ``given_…_value`` of the
            last ``days``, and ``given_…_since``, days since the last one (null before the first).
        """
        import polars as pl

        told = pl.DataFrame({"customer_id": customers})
        if self.traits is not None:
            traits = self.traits.rename({n: PREFIX + n for n in self.traits.columns[1:]})
            told = told.join(_same_keys(traits, told), on="customer_id", how="left")
        if self.events is not None:
            counted = _counted(self.until(as_of).events, as_of, days)
            told = told.join(_same_keys(counted, told), on="customer_id", how="left")
            nothing = pl.col(f"^{PREFIX}.*_(count|value)$")
            told = told.with_columns(nothing.fill_null(0.0))
        return told.drop("customer_id")


def given(summary: pl.DataFrame) -> list[str]:
    """Names of the columns that come from covariates."""
    return [name for name in summary.columns if name.startswith(PREFIX)]


def _frame(table: Any) -> pl.DataFrame:
    import polars as pl

    frame = pl.DataFrame(table)
    if "customer_id" not in frame.columns:
        raise TableError(
            f"The table has no column 'customer_id', only {frame.columns}. Rename the column "
            "that names the customer as the transactions do."
        )
    return frame


def _traits(frame: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    twice = frame.filter(pl.col("customer_id").is_duplicated())
    if twice.height:
        raise TableError(
            f"The customer {twice['customer_id'][0]!r} stands {twice.height} times among the "
            "traits. Keep one row per customer."
        )
    return frame.select("customer_id", pl.exclude("customer_id"))


def _events(frame: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    if missing := {"date", "kind"} - set(frame.columns):
        raise TableError(
            f"The events have no column {sorted(missing)[0]!r}, only {frame.columns}. They need "
            "customer_id, date and kind, and may have value."
        )
    values = frame["value"] if "value" in frame.columns else pl.lit(None, dtype=pl.Float64)
    try:
        read = frame.select(
            "customer_id",
            pl.col("date").cast(pl.Date),
            pl.col("kind").cast(pl.String),
            value=values.cast(pl.Float64),
        )
    except pl.exceptions.PolarsError as error:
        raise TableError(
            f"The events cannot be read: {str(error).splitlines()[0]} Dates must be days, values "
            "numbers."
        ) from error
    if read["customer_id"].has_nulls() or read["date"].has_nulls() or read["kind"].has_nulls():
        raise TableError("An event lacks its customer, date or kind. Fill it in or leave it out.")
    return read


def _counted(events: pl.DataFrame | None, as_of: date, days: int) -> pl.DataFrame:
    """One row per customer with any event; columns by kind in the order of their names."""
    import polars as pl

    if events is None:  # pragma: no cover - `at` asks only where there are events
        raise TypeError("There are no events to count.")
    frequent = events["kind"].value_counts(sort=True)["kind"].head(MOST_KINDS).sort()
    recent = pl.col("date") > as_of - timedelta(days)
    columns = []
    for kind in frequent:
        own = pl.col("kind") == kind
        columns += [
            (own & recent).sum().cast(pl.Float64).alias(f"{PREFIX}{kind}_count"),
            pl.col("value").filter(own & recent).sum().alias(f"{PREFIX}{kind}_value"),
            (pl.lit(as_of) - pl.col("date").filter(own).max())
            .dt.total_days().cast(pl.Float64).alias(f"{PREFIX}{kind}_since"),
        ]  # fmt: skip
    return events.group_by("customer_id", maintain_order=True).agg(columns)


def _same_keys(table: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Numbers and text name the same customer: ``17`` and ``"17"``."""
    import polars as pl

    return table.with_columns(pl.col("customer_id").cast(told["customer_id"].dtype, strict=False))
