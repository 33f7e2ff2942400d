"""What the base page shows: sums that a run has ready, and the few customers worth naming."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.queries import sees_whole_base
from kundenstamm.guard.rights import Reach, reach_of
from kundenstamm.lifecycle.frames.quarters import quality
from kundenstamm.lifecycle.frames.totals import narrowed
from kundenstamm.lifecycle.models import Estimate, QuarterSum, Stage, ValuationRun
from kundenstamm.lifecycle.queries.chosen import Chosen, Period, period
from kundenstamm.lifecycle.queries.part import part
from kundenstamm.lifecycle.queries.runs import latest_run

NAMED = 10


@dataclass(frozen=True)
class Figures:
    """The four figures, the curve, the stages, the flow between them and who is at risk.

    ``whale`` holds one curve per contribution level, or None for a level whose sum is not
    positive; ``places`` of a curve are the ends of the rank ranges that its points stand for.
    Sums of money are those of ``period`` where they are not expectations.
    """

    run: ValuationRun
    chosen: Chosen
    period: Period
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
    # Customers that a chart marks one by one, by id.
    named: dict[int, Customer]
    trend: list[Point]
    whole: bool
    # Whether these are the sums that the run has ready: of everybody, twelve months.
    ready: bool


@dataclass(frozen=True)
class Point:
    """The base on the day of one run, for what changes over time."""

    as_of: date
    contribution_3: Decimal
    value_at_risk: Decimal
    regulars: int


def base_figures(actor: User, chosen: Chosen | None = None) -> Figures | None:
    """What the actor may see of the base, as of the newest run; None before the first one.

    Sums over everybody are shown to those only who see everybody, and lie ready for twelve months.
    Others' sums, and those of a part or another period, are made of the customers that they know.
    """
    run = latest_run()
    if run is None or reach_of(actor) is Reach.NONE:
        return None
    chosen = chosen or Chosen()
    whole = sees_whole_base(actor)
    when = period(chosen.period, run.as_of)
    ready = whole and when.is_usual and not chosen.narrows and "sizes" in run.totals
    sums = run.totals if ready else _added_up(actor, run, chosen)
    return Figures(
        run=run,
        chosen=chosen,
        period=when,
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
        risk_list=list(_at_risk(actor, run, chosen)),
        named=_named(actor, sums["sizes"][chosen.profit]),
        trend=_trend(run) if whole else [],
        whole=whole,
        ready=ready,
    )


def _added_up(actor: User, run: ValuationRun, chosen: Chosen) -> dict[str, Any]:
    of_customer = chosen.wanted.of_customer(run, "customer__")
    rows = QuarterSum.objects.visible_to(actor).filter(of_customer)
    return narrowed(part(actor, run, chosen)) | {"quarters": quality(rows, run.as_of)}


def _named(actor: User, sizes: dict[str, Any]) -> dict[int, Customer]:
    """Those of the customers that are marked one by one whom the actor may know."""
    marked = [each["customer"] for each in sizes["big"]] + [each[0] for each in sizes["single"]]
    return Customer.objects.visible_to(actor).in_bulk(marked)


def _at_risk(actor: User, run: ValuationRun, chosen: Chosen) -> Any:
    """The customers at risk with most at stake."""
    late = Estimate.objects.visible_to(actor).filter(
        chosen.wanted.of_customer(run, "customer__"),
        run=run,
        stage=Stage.AT_RISK,
        customer__withdrawn=False,
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
