"""One valuation from the ledger to the tables that are stored: everything but the writing.

Either all customers are summarised and scored, by new models or by those of the run before; or, on
the day of that run, only who is touched since, and the others' rows are carried over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from kundenstamm.company.models import CompanyProfile
from kundenstamm.lifecycle.frames import appraisal, base, models, reading
from kundenstamm.lifecycle.frames.appraisal import Yardstick
from kundenstamm.lifecycle.frames.totals import ledger_sums, sums, totals
from kundenstamm.lifecycle.models import ValuationRun
from kundenstamm.worth.appraisal import Fitted, fit
from kundenstamm.worth.purchases import Purchases

if TYPE_CHECKING:
    import polars as pl

    from kundenstamm.lifecycle.frames.base import Base

# From this share of customers on, reading and scoring all is as fast.
MOST = 0.5


@dataclass(frozen=True)
class Valuation:
    """``table`` has one row per customer, ready for ``Estimate``; the rest belongs to the run."""

    table: pl.DataFrame
    horizon_days: int
    models_fitted: dict[str, Any]
    totals: dict[str, Any]
    ledger_read: dict[str, Any]
    # `lifecycle.frames.quarters`, of all or of these customers only.
    quarters: pl.DataFrame
    quarters_of: list[int] | None
    # Customers summarised and scored anew; of the others nothing has changed.
    scored: int

    @property
    def estimated_margin(self) -> bool:
        return bool(self.table["estimated_margin"].any())


def valuation(
    as_of: date, profile: CompanyProfile, earlier: ValuationRun | None, *, refit: bool = False
) -> Valuation:
    """The least work that gives the whole truth; ``earlier`` is the newest run."""
    now = reading.read_now(profile)
    if refit or earlier is None:
        return whole(as_of, profile, now)
    limits, horizon = appraisal.limits(profile), appraisal.horizon(profile)
    stored = earlier.models_fitted
    if not models.still_good(stored, as_of, limits, horizon):
        return whole(as_of, profile, now)
    same_day = earlier.as_of == as_of and earlier.ledger_read["margins"] == now["margins"]
    made = _touched(profile, earlier, now) if same_day else None
    return made or whole(as_of, profile, now, stored)


def whole(
    as_of: date,
    profile: CompanyProfile,
    now: dict[str, Any],
    stored: Mapping[str, Any] | None = None,
) -> Valuation:
    """Everybody, by the stored models or, without any or if the base has changed, by new ones."""
    limits, horizon = appraisal.limits(profile), appraisal.horizon(profile)
    known = base.base(as_of, regular_occasions=limits.regular_occasions)
    customers = base.customers()
    days = _purchase_days(known.summary, customers)
    if stored is None or models.has_changed(stored, days):
        yardstick = Yardstick(_fitted(known, as_of, horizon.days), limits, horizon)
        stored = models.as_data(yardstick, fitted_on=as_of, purchase_days=days)
    # Also right after the fit by what is stored: the next run must not tell something else.
    yardstick = Yardstick(models.fitted(stored), limits, horizon)
    table = appraisal.placed(appraisal.appraised(known, customers, as_of, yardstick))
    periods = {name: sums(getattr(known, name)) for name in ("ever", "year", "previous")}
    return Valuation(
        table,
        horizon.days,
        dict(stored),
        totals(periods, table),
        now,
        quarters=known.quarters,
        quarters_of=None,
        scored=table.height,
    )


def _touched(
    profile: CompanyProfile, earlier: ValuationRun, now: dict[str, Any]
) -> Valuation | None:
    """Only who is touched since ``earlier``; None where all have to be looked at."""
    import polars as pl

    limits, horizon = appraisal.limits(profile), appraisal.horizon(profile)
    kept, touched = reading.estimates(earlier.pk), reading.touched_since(earlier.ledger_read, now)
    customers = base.customers()
    new = reading.otherwise_parted(kept, customers, earlier.as_of)["customer_id"]
    blocks = pl.Series([*touched, *new], dtype=pl.Int64) // base.BLOCK
    again = pl.col("customer_id") // base.BLOCK
    # Of a block all, also those withdrawn: they were drawn with it.
    fresh = customers.filter(again.is_in(blocks.unique().implode()))
    if fresh.height > MOST * customers.height:
        return None
    members = reading.members(blocks.unique().to_list())
    known = base.base(earlier.as_of, regular_occasions=limits.regular_occasions, only=members)
    stored = earlier.models_fitted
    yardstick = Yardstick(models.fitted(stored), limits, horizon)
    scored = appraisal.appraised(known, fresh, earlier.as_of, yardstick)
    carried = kept.join(fresh, on="customer_id", how="anti").join(
        customers.select("customer_id", "link"), on="customer_id", how="inner"
    )
    names = carried.columns
    table = appraisal.placed(pl.concat([scored.select(names), carried], how="vertical_relaxed"))
    if models.has_changed(stored, int(table["occasions"].sum())):
        return None
    made = totals(ledger_sums(earlier.as_of), table)
    return Valuation(
        table,
        horizon.days,
        stored,
        made,
        now,
        quarters=known.quarters,
        quarters_of=members,
        scored=fresh.height,
    )


def _fitted(known: Base, as_of: date, days: int) -> Fitted:
    lines = known.lines.drop("estimated")
    return fit(known.summary, Purchases.of(lines), as_of, days=days)


def _purchase_days(summary: pl.DataFrame, customers: pl.DataFrame) -> int:
    there = summary.join(customers.select("customer_id"), on="customer_id", how="semi")
    return int(there["occasions"].sum())
