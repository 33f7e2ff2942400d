"""What the base page shows: sums that a run has ready, and the few customers worth naming."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kundenstamm.guard.models import User
from kundenstamm.guard.queries import sees_whole_base
from kundenstamm.guard.rights import Reach, reach_of
from kundenstamm.lifecycle.frames.totals import NARROWED, narrowed
from kundenstamm.lifecycle.models import Estimate, Stage, ValuationRun
from kundenstamm.lifecycle.queries.runs import latest_run

if TYPE_CHECKING:
    import polars as pl

NAMED = 10


@dataclass(frozen=True)
class Figures:
    """The four figures, the curve, the stages, the flow between them and who is at risk.

    ``whale`` holds one curve per contribution level, or None for a level whose sum is not
    positive; ``places`` of a curve are the ends of the rank ranges that its points stand for.
    """

    run: ValuationRun
    contribution_3: Decimal
    previous_contribution_3: Decimal
    net_revenue: Decimal
    regulars: int
    regulars_share_of_profit: float | None
    loss_makers: int
    loss: Decimal
    at_risk: int
    value_at_risk: Decimal
    stages: dict[str, int]
    whale: dict[str, dict[str, Any] | None]
    totals: dict[str, Any]
    risk_list: list[Estimate]
    trend: list[Point]
    whole: bool


@dataclass(frozen=True)
class Point:
    """The base on the day of one run, for what changes over time."""

    as_of: date
    contribution_3: Decimal
    value_at_risk: Decimal
    regulars: int


def base_figures(actor: User) -> Figures | None:
    """What the actor may see of the base, as of the newest run; None before the first one.

    Sums over everybody are shown to those only who see everybody. To others the same sums are
    made of the customers that they know.
    """
    run = latest_run()
    if run is None or reach_of(actor) is Reach.NONE:
        return None
    whole = sees_whole_base(actor)
    sums = run.totals if whole else narrowed(_estimates(actor, run))
    return Figures(
        run=run,
        contribution_3=Decimal(sums["year"]["contribution_3"]),
        previous_contribution_3=Decimal(sums["previous_year"]["contribution_3"]),
        net_revenue=Decimal(sums["year"]["net_revenue"]),
        regulars=sums["regulars"]["customers"],
        regulars_share_of_profit=sums["regulars"]["share_of_profit"],
        loss_makers=sums["losses"]["customers"],
        loss=Decimal(sums["losses"]["contribution_3"]),
        at_risk=sums["risk"]["customers"],
        value_at_risk=Decimal(sums["risk"]["value"]),
        stages=sums["stages"],
        whale=sums["whale"],
        totals=sums,
        risk_list=list(_at_risk(actor, run)),
        trend=_trend(run) if whole else [],
        whole=whole,
    )


def _estimates(actor: User, run: ValuationRun) -> pl.DataFrame:
    import polars as pl

    visible = Estimate.objects.visible_to(actor).filter(run=run, customer__withdrawn=False)
    money = pl.Decimal(38, 4)
    kinds = {name: money for name in NARROWED if name.startswith(("year_", "previous_"))}
    kinds |= {"expected_contribution": money, "value_at_risk": money}
    others = {"occasions": pl.Int64, "p_active": pl.Float64, "estimated_margin": pl.Boolean,
              "stage": pl.String, "rank": pl.Int64}  # fmt: skip
    types = kinds | others
    schema = {name: types[name] for name in NARROWED}
    return pl.DataFrame(list(visible.values_list(*NARROWED)), schema=schema, orient="row")


def _at_risk(actor: User, run: ValuationRun) -> Any:
    """The customers at risk with most at stake."""
    late = Estimate.objects.visible_to(actor).filter(
        run=run, stage=Stage.AT_RISK, customer__withdrawn=False
    )
    return late.select_related("customer").order_by("-value_at_risk", "-customer")[:NAMED]


def _trend(run: ValuationRun) -> list[Point]:
    """The newest run of each day up to this one's, oldest first, a year of weeks at most."""
    sums = ("totals__year__contribution_3", "totals__risk__value", "totals__regulars__customers")
    runs = ValuationRun.objects.filter(finished_at__isnull=False, as_of__lte=run.as_of)
    newest = runs.order_by("-as_of", "-id").distinct("as_of").values_list("as_of", *sums)[:53]
    return [
        Point(day, Decimal(profit), Decimal(risk), regulars)
        for day, profit, risk, regulars in list(newest)[::-1]
    ]
