"""One base with every corner, and how answers of different engines are laid side by side."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import polars.selectors as cs
from polars.testing import assert_frame_equal

from kundenstamm.worth import Kind

START = date(2024, 1, 1)
AS_OF = START + timedelta(500)
WINDOWS = (30, 365)


def base(customers=60, seed=20_260_101):
    """Lines of all kinds, several a day, amounts of four decimals, some after the end.

    Customer 0 only sent goods back, 1 bought once, 2 bought on the last day, 3 only later.
    """
    rng = np.random.default_rng(seed)
    rows = [
        (0, START, Kind.RETURN, Decimal("-5.5000")),
        (1, START, Kind.SALE, Decimal("0.0001")),
        (2, AS_OF, Kind.SALE, Decimal("12.5000")),
        (3, AS_OF + timedelta(1), Kind.SALE, Decimal("7.0000")),
    ]
    kinds = list(Kind)
    for customer in range(4, customers):
        for _ in range(int(rng.integers(1, 40))):
            kind = Kind.SALE if rng.random() < 0.6 else kinds[rng.integers(len(kinds))]
            amount = Decimal(int(rng.integers(-300_000, 2_000_000))) / 10_000
            rows.append((customer, START + timedelta(int(rng.integers(0, 540))), kind, amount))
    return pl.DataFrame(
        [(customer, day, int(kind), amount) for customer, day, kind, amount in rows],
        orient="row",
        schema={"customer_id": pl.Int64, "date": pl.Date, "kind": pl.Int16,
                "amount": pl.Decimal(18, 4)},
    )  # fmt: skip


def assert_same(found, expected):
    """Days, counts and money (four decimals) exactly; other numbers to twelve digits.

    Engines give sums decimals of different widths, and a spread's last bit depends on the order
    in which values were added.
    """
    assert_frame_equal(_comparable(found), _comparable(expected), rel_tol=1e-12, abs_tol=1e-9)


def _comparable(summarised):
    money = pl.col("net_sales", "contribution", "cost_to_serve").cast(pl.Decimal(38, 4))
    counts = cs.integer().cast(pl.Int64)
    return summarised.sort("customer_id").with_columns(counts).with_columns(money)
