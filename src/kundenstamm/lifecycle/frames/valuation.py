"""One valuation from the ledger to the tables that are stored: everything but the writing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from kundenstamm.company.models import CompanyProfile
from kundenstamm.lifecycle.frames import appraisal, models
from kundenstamm.lifecycle.frames.base import base
from kundenstamm.lifecycle.frames.totals import totals
from kundenstamm.worth.appraisal import fit
from kundenstamm.worth.value import Horizon

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Valuation:
    """``table`` has one row per customer, ready for ``Estimate``; the rest belongs to the run."""

    table: pl.DataFrame
    horizon_days: int
    estimated_margin: bool
    models_fitted: dict[str, Any]
    totals: dict[str, Any]


def valuation(as_of: date, profile: CompanyProfile) -> Valuation:
    """Read the ledger, fit the models, appraise everybody, add up."""
    limits, horizon = appraisal.limits(profile), Horizon()
    known = base(as_of, regular_occasions=limits.regular_occasions)
    fitted = fit(known.summary)
    table = appraisal.appraised(known, as_of, fitted, limits, horizon)
    return Valuation(
        table,
        horizon.days,
        not known.estimated.is_empty(),
        models.as_data(fitted, limits, horizon),
        totals(known, table),
    )
