"""Customers to whom nobody has spoken for longer than they may be left alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def neglect(
    customers: pl.DataFrame,
    contacts: pl.DataFrame,
    as_of: date,
    recorded_since: date | None = None,
) -> pl.DataFrame:
    """How long each customer has been without a conversation, and how much too long that is.

    Parameters
    ----------
    customers
        ``customer_id``, ``first_day`` and ``allowed`` (days, see
        `kundenstamm.worth.care.cadence.with_cadence`).
    contacts
        `kundenstamm.worth.care.known.CONTACTS`, those up to ``as_of``; only two-way ones are
        conversations.
    recorded_since
        First day on which the company wrote its interactions down. Before it nobody can tell
        whether there was a conversation; None: they were always written down.

    Returns
    -------
    polars.DataFrame
        One row per customer, in the same order: ``customer_id``, ``silence`` (days since the last
        conversation), ``never`` (none is on record), ``overrun`` (days beyond the allowed ones, not
        below nil), ``tried`` (days since the last contact of any kind, null without one).

    Notes
    -----
    A customer without a conversation on record has been silent at least since its first purchase,
    or since the records begin, whichever came later. That is what ``silence`` then is: a number
    that is certainly not too high.
    """
    import polars as pl

    last = conversations(contacts, as_of).group_by("customer_id").agg(spoken=pl.col("day").max())
    begun = pl.max_horizontal("first_day", pl.lit(recorded_since, dtype=pl.Date))
    joined = customers.join(last, on="customer_id", how="left", maintain_order="left")
    tries = contacts.filter(pl.col("day") <= as_of).group_by("customer_id")
    tried = tries.agg(tried=(pl.lit(as_of) - pl.col("day").max()).dt.total_days())
    joined = joined.join(tried, on="customer_id", how="left", maintain_order="left")
    silent = (pl.lit(as_of) - pl.coalesce("spoken", begun)).dt.total_days().clip(0)
    return joined.with_columns(silence=silent, never=pl.col("spoken").is_null()).select(
        "customer_id",
        "silence",
        "never",
        "tried",
        overrun=(pl.col("silence") - pl.col("allowed")).clip(0.0),
    )


def conversations(contacts: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The two-way interactions up to ``as_of``."""
    import polars as pl

    return contacts.filter(pl.col("two_way"), pl.col("day") <= as_of)
