"""What the base page shows: sums that a run has ready, and the few customers worth naming."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kundenstamm.guard.models import User
from kundenstamm.lifecycle.models import Estimate, Stage, ValuationRun
from kundenstamm.lifecycle.queries.runs import latest_run

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


@dataclass(frozen=True)
class Point:
    """The base on the day of one run, for what changes over time."""

    as_of: date
    contribution_3: Decimal
    value_at_risk: Decimal
    regulars: int


def base_figures(actor: User) -> Figures | None:
    """The whole base as of the newest run; None before the first one, or for nobody.

    The sums are over all customers. Whoever may see only some of them must not be shown these.
    """
    run = latest_run()
    if run is None or actor is None or not actor.is_authenticated:
        return None
    sums = run.totals
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
        trend=_trend(run),
    )


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
