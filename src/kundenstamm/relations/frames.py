"""Conversations, corrections and expected values as `worth.relations` takes them.

All customers, whoever asks: reckoning is the system's own act. Who may be told what of it is
decided where it is read (``relations.queries``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kundenstamm.ledger import copying

if TYPE_CHECKING:
    import polars as pl

# What nobody signed was most likely done by who served the customer then; not so the service's.
SELLING = "('visit', 'call', 'mail')"


def conversations(only: Sequence[int] | None = None) -> pl.DataFrame:
    """Every two-way interaction that stands, of a colleague; ``only``: with these customers."""
    import pyarrow as pa

    which = _among("spoken.customer_id", only)
    # Put together of our own constants only: there is nothing to inject.
    return copying.read(
        f"""
        SELECT spoken.customer_id, colleague.id, spoken.contact_id, spoken.day
        FROM care_interaction AS spoken
        JOIN customers_customer AS customer
          ON customer.id = spoken.customer_id AND NOT customer.withdrawn
        JOIN relations_colleague AS colleague ON colleague.user_id = spoken.author_id
        WHERE spoken.reached AND spoken.withdrawn_at IS NULL{which}
        UNION ALL
        SELECT customer_id, colleague.id, contact_id, day FROM (
            SELECT DISTINCT ON (spoken.id) spoken.*, held.representative_id
            FROM care_interaction AS spoken
            JOIN customers_customer AS customer
              ON customer.id = spoken.customer_id AND NOT customer.withdrawn
            JOIN customers_assignment AS held
              ON held.customer_id = spoken.customer_id AND held.starts <= spoken.day
             AND (held.ends IS NULL OR held.ends >= spoken.day)
            WHERE spoken.reached AND spoken.withdrawn_at IS NULL AND spoken.author_id IS NULL
              AND spoken.kind IN {SELLING}{which}
            ORDER BY spoken.id, held.starts DESC, held.id
        ) AS unsigned
        JOIN relations_colleague AS colleague USING (representative_id)
        """,  # noqa: S608
        {
            "customer_id": pa.int64(), "colleague_id": pa.int64(), "contact_id": pa.int64(),
            "day": pa.date32(),
        },
    )  # fmt: skip


def corrections(only: Sequence[int] | None = None) -> pl.DataFrame:
    """What stands, in the order in which it was said."""
    import pyarrow as pa

    # Put together of our own constants only: there is nothing to inject.
    return copying.read(
        "SELECT customer_id, colleague_id, day, says FROM relations_correction "  # noqa: S608
        f"WHERE withdrawn_at IS NULL{_among('customer_id', only)} ORDER BY at, id",
        {
            "customer_id": pa.int64(), "colleague_id": pa.int64(), "day": pa.date32(),
            "says": pa.string(),
        },
    )  # fmt: skip


def values(run: int, only: Sequence[int] | None = None) -> pl.DataFrame:
    """What a valuation expects of each customer in twelve months."""
    import pyarrow as pa

    # Put together of our own constants only: there is nothing to inject.
    return copying.read(
        "SELECT customer_id, expected_contribution::float8 FROM lifecycle_estimate "  # noqa: S608
        "JOIN customers_customer AS c ON c.id = customer_id AND NOT c.withdrawn "
        f"WHERE run_id = {int(run)}{_among('customer_id', only)}",
        {"customer_id": pa.int64(), "value": pa.float64()},
    )


def _among(column: str, only: Sequence[int] | None) -> str:
    """A condition on a column that the code names, in numbers only."""
    if only is None:
        return ""
    return f" AND {column} = ANY('{{{','.join(str(int(pk)) for pk in only)}}}')"
