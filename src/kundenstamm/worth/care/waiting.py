"""The cost of waiting: what is expected if we speak to a customer today, less if in a week.

A conversation prevents the share κ of the loss that its cause brings
(`kundenstamm.worth.care.effect`). Held today it prevents it from today on, held in a week
from then on: the week between is the difference,

    cost of waiting = Σ over causes κ · worn · (money that the week is expected to take).

What an earlier conversation still prevents a new one cannot prevent again: ``worn`` is the share of
it that is gone. A complaint, a group or an agreement is another matter than last time: all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from kundenstamm.worth.care.cadence import Bounds, Cadence, expectations, with_cadence
from kundenstamm.worth.care.causes import Weights, sentences, usual_loss, weekly_losses, worn
from kundenstamm.worth.care.comfort import DriftLimits, drift
from kundenstamm.worth.care.effect import PRIORS, Cause
from kundenstamm.worth.care.fading import fading
from kundenstamm.worth.care.known import Known
from kundenstamm.worth.care.neglect import neglect
from kundenstamm.worth.care.thinning import ThinningLimits, by_customer, thinning
from kundenstamm.worth.models.base import OccasionsModel
from kundenstamm.worth.promoters import DETRACTS
from kundenstamm.worth.relations.leaving import weekly_loss
from kundenstamm.worth.stages import Stage

if TYPE_CHECKING:
    import polars as pl

# An expectation is of a customer that may be gone; to reckon what it brings if it is not, it is
# divided by P(active), but never made more than twenty times as much.
LEAST_ACTIVE = 0.05

MINUTES: Mapping[Cause, int] = MappingProxyType(
    {
        Cause.COMPLAINT: 20,
        Cause.LATE: 15,
        Cause.NEGLECT: 15,
        Cause.RIVAL: 20,
        Cause.DETRACTOR: 20,
        Cause.DRIFT: 60,
        Cause.THINNING: 15,
        Cause.EXPIRY: 40,
        Cause.COVER: 60,
    }
)


@dataclass(frozen=True)
class Assumptions:
    """Everything the cost of waiting rests on beside the records.

    Attributes
    ----------
    kappas
        Share of a loss that a conversation prevents, by cause; learned ones in their place
        (`kundenstamm.worth.care.effect.kappas`).
    minutes
        What a conversation takes, by cause. The whole minutes above nil.
    bounds
        Of the value classes (`bounds`), where not all customers of a base are prepared.
    """

    cadence: Cadence = field(default_factory=Cadence)
    weights: Weights = field(default_factory=Weights)
    drift: DriftLimits = field(default_factory=DriftLimits)
    thinning: ThinningLimits = field(default_factory=ThinningLimits)
    kappas: Mapping[Cause, float] = field(default_factory=lambda: PRIORS)
    minutes: Mapping[Cause, int] = field(default_factory=lambda: MINUTES)
    bounds: Bounds | None = None


def prepare(
    known: Known,
    as_of: date,
    model: OccasionsModel | None,
    assumptions: Assumptions | None = None,
    *,
    usual_gap: float = float("inf"),
    recorded_since: date | None = None,
) -> pl.DataFrame:
    """What it costs to let each customer wait for another week, and why.

    Parameters
    ----------
    known
        All tables about these customers.
    as_of
        Today.
    model, usual_gap
        Of the fitted base, see `kundenstamm.worth.care.fading.fading`.
    recorded_since
        First day on which interactions were written down, see
        `kundenstamm.worth.care.neglect.neglect`.

    Returns
    -------
    polars.DataFrame
        One row per customer with a cause, dearest first: ``customer_id``, ``cost_of_waiting``
        (money a week, above nil), ``minutes``, ``cause`` (the one that costs most,
        `kundenstamm.worth.care.effect.Cause`), ``reason`` (its template and values as JSON text:
        ``{"msgid": …, "params": …}``), ``further`` (list: the same of the other causes, dearest
        first), ``value_class``, ``allowed``, ``silence`` (days), ``p_now``.

    Notes
    -----
    One conversation answers all causes, so their costs add up; what a week takes of any customer is
    added to them. Customers of whom no contribution is
    expected cost nothing to wait for, whatever has happened: their complaints have deadlines of
    their own. Customers with whom we have parted are left out.
    """
    import polars as pl

    assumptions = assumptions or Assumptions()
    found = evidence(known, as_of, model, assumptions, usual_gap, recorded_since)
    losses = weekly_losses(assumptions.weights)
    costs = found.with_columns(
        (assumptions.kappas[cause] * loss).fill_null(0.0).fill_nan(0.0).clip(0.0).alias(cause)
        for cause, loss in losses.items()
    )
    caused = pl.sum_horizontal(*(cause.value for cause in losses))
    usual = assumptions.kappas[Cause.NEGLECT] * usual_loss() * worn(assumptions.weights)
    summed = costs.filter(caused > 0).with_columns(cost_of_waiting=caused + usual)
    return _told(summed, assumptions)


def bounds(known: Known, cadence: Cadence) -> Bounds:
    """Of the value classes, by all customers of a base."""
    return Bounds.of(expectations(_active(known)), cadence)


def evidence(
    known: Known,
    as_of: date,
    model: OccasionsModel | None,
    assumptions: Assumptions,
    usual_gap: float = float("inf"),
    recorded_since: date | None = None,
) -> pl.DataFrame:
    """Customers with everything that is known against waiting, one row each.

    Columns of `kundenstamm.worth.care.fading.fading`, `kundenstamm.worth.care.neglect.neglect`,
    `kundenstamm.worth.care.comfort.drift` and `kundenstamm.worth.care.thinning.by_customer` (its
    ``silent`` as ``group_silent``); ``open`` and ``answered`` of the oldest complaint, ``seen``,
    ``gave`` and ``left`` (days since a rival, since a detractor's answer with its ``score``, and to
    the end of an agreement), ``holder``, ``others_silent`` (days since anybody else spoke with
    them) and ``held_week`` (what may be lost with the holder, money a week), ``if_active``.
    """
    import polars as pl

    classed = with_cadence(_active(known), assumptions.cadence, assumptions.bounds)
    faded = fading(classed, as_of, model, usual_gap)
    parts = [
        neglect(faded, known.contacts, as_of, recorded_since),
        _complaints(known.complaints, as_of),
        _rivals(known.rivals, as_of),
        _scores(known.scores, as_of),
        _agreements(known.agreements, as_of, assumptions.weights),
        by_customer(thinning(known.groups, as_of, assumptions.thinning)).rename(
            {"silent": "group_silent"}
        ),
        _drifting(faded, known, as_of, recorded_since, assumptions),
        _held(known.bonds, as_of),
    ]
    for part in parts:
        faded = faded.join(part, on="customer_id", how="left", maintain_order="left")
    expected = pl.col("expected_contribution").cast(pl.Float64).fill_null(0.0).clip(0.0)
    told = pl.col("p_active").cast(pl.Float64).fill_null(1.0).clip(LEAST_ACTIVE)
    return faded.with_columns(if_active=expected / told)


def _active(known: Known) -> pl.DataFrame:
    import polars as pl

    return known.customers.filter(pl.col("stage") != Stage.PARTED, pl.col("occasions") > 0)


def _complaints(complaints: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The oldest that nobody has answered, else the oldest."""
    import polars as pl

    known = complaints.filter(pl.col("day") <= as_of).sort("answered", "day")
    since = (pl.lit(as_of) - pl.col("day")).dt.total_days()
    return known.group_by("customer_id").agg(pl.col("answered").first(), open=since.first())


def _rivals(rivals: pl.DataFrame, as_of: date) -> pl.DataFrame:
    import polars as pl

    seen = (pl.lit(as_of) - pl.col("day")).dt.total_days()
    return rivals.filter(pl.col("day") <= as_of).group_by("customer_id").agg(seen=seen.min())


def _scores(scores: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The last answer, where it is a detractor's."""
    import polars as pl

    gave = (pl.lit(as_of) - pl.col("day")).dt.total_days()
    known = scores.filter(pl.col("day") <= as_of).sort("day").with_columns(gave=gave)
    last = known.group_by("customer_id").agg(pl.col("score", "gave").last())
    return last.filter(pl.col("score") <= DETRACTS)


def _agreements(agreements: pl.DataFrame, as_of: date, weights: Weights) -> pl.DataFrame:
    """The first to end of those that matter now."""
    import polars as pl

    left = (pl.col("ends") - pl.lit(as_of)).dt.total_days()
    near = left.is_between(-7 * weights.expired_weeks, 7 * weights.expiry_weeks)
    return agreements.filter(near).group_by("customer_id").agg(left=left.min())


def _held(bonds: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """What may be lost a week with the one person who holds the customer."""
    import polars as pl

    leaving = pl.col("leaving").cast(pl.Float64)
    return bonds.select(
        "customer_id",
        "holder",
        others_silent=(pl.lit(as_of) - pl.col("others_day")).dt.total_days(),
        held_week=weekly_loss(pl.col("hanging").cast(pl.Float64), leaving),
    )


def _drifting(
    customers: pl.DataFrame,
    known: Known,
    as_of: date,
    recorded_since: date | None,
    assumptions: Assumptions,
) -> pl.DataFrame:
    import polars as pl

    if "regular_day" not in customers.columns:
        customers = customers.with_columns(regular_day=pl.lit(None, dtype=pl.Date))
    found = drift(customers, known.contacts, as_of, recorded_since, assumptions.drift)
    return found.filter("drifts").select("customer_id", "before", "since", "ratio")


def _told(costs: pl.DataFrame, assumptions: Assumptions) -> pl.DataFrame:
    """The dearest cause first, each in its sentence."""
    import polars as pl

    spoken = sentences()
    by_cause = [
        costs.filter(pl.col(cause.value) > 0).select(
            "customer_id",
            cause=pl.lit(cause.value),
            cost=pl.col(cause.value),
            reason=sentence,
            minutes=pl.lit(assumptions.minutes[cause], dtype=pl.Int64),
        )
        for cause, sentence in spoken.items()
    ]
    ordered = pl.concat(by_cause).sort("cost", descending=True, maintain_order=True)
    reasons = ordered.group_by("customer_id", maintain_order=True).agg(
        pl.col("cause", "reason", "minutes").first(), further=pl.col("reason").slice(1)
    )
    joined = costs.select(
        "customer_id", "cost_of_waiting", "value_class", "allowed", "silence", "p_now"
    ).join(reasons, on="customer_id")
    return joined.sort("cost_of_waiting", "customer_id", descending=[True, False]).select(
        "customer_id", "cost_of_waiting", "minutes", "cause", "reason", "further", "value_class",
        "allowed", "silence", "p_now",
    )  # fmt: skip
