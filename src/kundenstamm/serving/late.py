"""Late payment: what the days of a month in which customers owed us cost. Posts nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from kundenstamm.company.queries import profile
from kundenstamm.kit.months import Month
from kundenstamm.ledger import copying
from kundenstamm.ledger.models import EntryKind
from kundenstamm.worth.late import cost_of_period

if TYPE_CHECKING:
    import polars as pl

# The month's second document: the activities' one is named as the month.
SECOND = "/2"


@dataclass(frozen=True)
class Late:
    """What a month's late days cost at a rate; a document of its own beside the activities'."""

    document: str
    rate: Decimal
    entries: pl.DataFrame

    @classmethod
    def of(cls, month: Month) -> Late:
        """At the rate that the company's profile has now."""
        rate = profile().financing_rate
        return cls(f"{month}{SECOND}", rate, late_entries(month, rate))

    @property
    def charged(self) -> Decimal:
        return -sum(self.entries["amount"].to_list(), Decimal(0))

    def told(self) -> dict[str, int | str]:
        """For the run's result."""
        count = self.entries.height
        return {"payments": count, "charged": str(self.charged), "rate": str(self.rate)}


def late_entries(month: Month, rate: Decimal) -> pl.DataFrame:
    """As `post_whole` wants them: ``line`` is the payment's id, ``date`` its last late day."""
    import polars as pl

    owed = _late(month)
    costs = [
        cost_of_period(amount, due, paid, month.first, month.last, rate)
        for amount, due, paid in owed.select("amount", "due", "paid").iter_rows()
    ]
    found = owed.select(
        "line",
        "customer_id",
        date=pl.min_horizontal(pl.col("paid").fill_null(month.last), pl.lit(month.last)),
        kind=pl.lit(EntryKind.PAYMENT_DELAY.value),
        amount=-pl.Series("amount", costs, dtype=pl.Decimal(18, 4)),
    )
    return found.filter(pl.col("amount") != 0)


def _late(month: Month) -> pl.DataFrame:
    """Payments of which at least one day of the month was late, of all customers."""
    import pyarrow as pa

    columns = {
        "line": pa.int64(), "customer_id": pa.int64(), "amount": pa.decimal128(18, 4),
        "due": pa.date32(), "paid": pa.date32(),
    }  # fmt: skip
    return copying.read(
        "SELECT id, customer_id, amount, due, paid FROM serving_payment"  # noqa: S608  # two days
        f" WHERE due < '{month.last}' AND (paid IS NULL OR paid >= '{month.first}' AND paid > due)"
        " ORDER BY id",
        columns,
    )
