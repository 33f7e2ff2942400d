"""The base page: how healthy is the base?"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from kundenstamm.company.queries import profile
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.rights import Right, may
from kundenstamm.kit import charts
from kundenstamm.lifecycle.models import Stage
from kundenstamm.lifecycle.queries import Figures, base_figures
from kundenstamm.lifecycle.rules import money
from kundenstamm.web.lifecycle import shapes
from kundenstamm.web.lifecycle.asked import (
    LEVELS,
    base_address,
    behind,
    choices,
    chosen,
    customer_list,
    periods,
)
from kundenstamm.web.shell.figures import number, rounded, share
from kundenstamm.web.shell.requests import SignedInRequest

TONES = {
    Stage.REGULAR: charts.GAIN,
    Stage.WON_BACK: charts.GAIN,
    Stage.AT_RISK: charts.LOSS,
    Stage.LOST: charts.LOSS,
    Stage.NEW: charts.WARN,
}
# Told only where somebody is in them.
SELDOM = (Stage.PARTED, Stage.PROSPECT, Stage.WON_BACK)


@require_safe
def base(request: SignedInRequest) -> HttpResponse:
    ask = chosen(request.GET)
    figures = base_figures(request.user, ask)
    if figures is None:
        teaches = may(request.user, Right.IMPORT)
        return render(request, f"lifecycle/{'empty' if teaches else 'nothing'}.html")
    shown = {estimate.customer_id for estimate in figures.risk_list} | figures.named.keys()
    note_read("base", sorted(shown), actor=request.user, at=timezone.now())
    currency = profile().currency
    context = {
        "figures": figures,
        "change": _change(figures),
        "loss_share": abs(figures.loss / figures.contribution_3)
        if figures.contribution_3 > 0
        else None,
        "losing": _losing(figures),
        "curve": figures.whale[ask.profit],
        "stages": _stages(figures),
        "quality": figures.totals["quality"],
        "charts": True,
    }
    context |= _choices(request, figures) | _shapes(figures, currency)
    return render(request, "lifecycle/base.html", context | _drawn(figures))


def _choices(request: SignedInRequest, figures: Figures) -> dict[str, Any]:
    """The filters, the levels to switch, and what the page is about in words."""
    ask = figures.chosen
    return {
        "choices": choices(request.user, ask, figures.run.as_of),
        "level": LEVELS[ask.level],
        "levels": [
            {"words": name, "on": level == ask.level, "href": base_address(ask, level=level)}
            for level, name in LEVELS.items()
        ],
        "when": dict(periods(figures.run.as_of))[figures.period.name],
        "narrowed": ask.narrows or not figures.period.is_usual,
        "plain": reverse("base"),
    }


def _shapes(figures: Figures, currency: str) -> dict[str, Any]:
    return {
        "sizes": shapes.sizes(figures, currency),
        "concentration": shapes.concentration(figures),
        "care": shapes.care(figures, currency),
        "quarters": shapes.by_quarter(figures),
        "running": shapes.running(figures),
        "alarms": shapes.alarms(figures),
    }


def _drawn(figures: Figures) -> dict[str, Any]:
    """The specifications, and the points that the table below the curve names."""
    stages = _stages(figures)
    bars = {"name": _("Stage"), "count": _("Customers"), "value": _("Contribution III")}
    drawn: dict[str, Any] = {"stage_chart": charts.bars(stages, bars)}
    curve = figures.whale[figures.chosen.profit]
    if curve is None:
        return drawn
    points = _points(curve, figures)
    axes = {"x": _("Customers, best first"), "share": _("Share of profit")}
    drawn["whale"] = charts.whale(points, _notes(curve, figures), axes)
    drawn["points"] = points[:: max(1, len(points) // 20)]
    return drawn


def _losing(figures: Figures) -> str:
    """Where the loss-makers are: in the list of twelve months, or of the period."""
    if figures.period.is_usual:
        return customer_list(figures.chosen, losing=1, order="up")
    return behind(figures.chosen, group="losing")


def _change(figures: Figures) -> float | None:
    """Against the year before; no share of nothing or of a loss."""
    if figures.previous_contribution_3 <= 0:
        return None
    return float(figures.contribution_3 / figures.previous_contribution_3 - 1)


def _points(curve: dict[str, Any], figures: Figures) -> list[dict[str, Any]]:
    """Each point stands for the customers up to the next one, and leads to them."""
    places = curve.get("places", curve["ranks"]) if _by_rank(figures) else curve["ranks"]
    rows = zip(curve["ranks"], curve["shares"], places, strict=True)
    points, before = [], 0
    for rank, sum_so_far, place in rows:
        falling = rank >= curve["peak_rank"]
        href = _ranked(before + 1, max(place, before + 1), figures)
        points.append({"rank": rank, "share": sum_so_far, "falling": falling, "href": href})
        if rank == curve["peak_rank"]:
            points.append(points[-1] | {"falling": False})
        before = place
    return points


def _notes(curve: dict[str, Any], figures: Figures) -> list[dict[str, Any]]:
    """The curve's two sentences: what the best tenth brings, and what the others cost."""
    count, share_of_best = curve["top_tenth"], curve["top_tenth_share"]
    words = ngettext("%(count)s customer brings %(share)s", "%(count)s customers bring %(share)s",
                     count)  # fmt: skip
    notes = [
        {
            "rank": count,
            "share": share_of_best,
            "falling": False,
            "words": words % {"count": number(count), "share": share(share_of_best)},
            "href": _ranked(1, count, figures),
        }
    ]
    if not curve["loss_makers"]:
        return notes
    count = curve["loss_makers"]
    words = ngettext("%(count)s customer costs %(share)s", "%(count)s customers cost %(share)s",
                     count)  # fmt: skip
    return [
        *notes,
        {
            "rank": curve["ranks"][-1],
            "share": curve["shares"][-1],
            "falling": True,
            "words": words % {"count": number(count), "share": share(curve["loss_share"])},
            "href": behind(figures.chosen, profit_to=0),
        },
    ]


def _by_rank(figures: Figures) -> bool:
    """Whether the places are those of the whole ranking, which the customers' list knows."""
    return figures.ready and figures.chosen.level == 3


def _ranked(first: int, last: int, figures: Figures) -> str:
    """The customers of these places."""
    if _by_rank(figures):
        return customer_list(figures.chosen, **{"from": first, "to": last})
    return behind(figures.chosen, first=first, last=last)


def _stages(figures: Figures) -> list[dict[str, Any]]:
    """Every stage with how many are in it and what they brought."""
    profits = figures.totals.get("stage_profits", {})
    currency = profile().currency
    stages = []
    for stage in Stage:
        count = figures.stages.get(stage.value, 0)
        if not count and stage in SELDOM:
            continue
        profit = profits.get(stage.value, 0)
        words = money(rounded(profit), currency, decimals=0)
        stages.append(
            {
                "stage": stage.value,
                "name": str(stage.label),
                "count": count,
                "words": words,
                "shown": f"{number(count)} · {words}" if float(profit) else number(count),
                "tone": TONES.get(stage, charts.QUIET),
                "href": customer_list(figures.chosen, stage=stage.value),
            }
        )
    return stages
