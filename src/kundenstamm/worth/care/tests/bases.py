"""Small tables about made-up customers."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

AS_OF = date(2026, 6, 30)


def ago(days):
    return AS_OF - timedelta(days=days)


def customer(customer_id="K", **changed):
    """A regular since a year, that buys every thirty days and is not late."""
    row = {
        "customer_id": customer_id,
        "first_day": ago(400),
        "last_day": ago(10),
        "occasions": 14,
        "gap_mean": 30.0,
        "gap_sd": 5.0,
        "p_active": 0.95,
        "expected_contribution": 1_000.0,
        "stage": "regular",
        "regular_day": ago(300),
    }
    assert set(changed) <= set(row)
    return row | changed


def customers(*rows):
    return pl.DataFrame(list(rows) or [customer()], infer_schema_length=None).with_columns(
        pl.col("gap_mean", "gap_sd", "p_active", "expected_contribution").cast(pl.Float64),
        pl.col("first_day", "last_day", "regular_day").cast(pl.Date),
    )


def contacts(*days, customer_id="K", two_way=True):
    """Conversations so many days ago."""
    return pl.DataFrame(
        {
            "customer_id": [customer_id] * len(days),
            "day": [ago(day) for day in days],
            "two_way": [two_way] * len(days),
        },
        schema={"customer_id": pl.String, "day": pl.Date, "two_way": pl.Boolean},
    )
