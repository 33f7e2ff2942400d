"""The base page: how healthy is the base?"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kundenstamm.kit import charts
from kundenstamm.lifecycle.models import Stage
from kundenstamm.lifecycle.queries import Figures, base_figures
from kundenstamm.web.shell.figures import number
from kundenstamm.web.shell.requests import SignedInRequest

TONES = {
    Stage.REGULAR: charts.GAIN,
    Stage.WON_BACK: charts.GAIN,
    Stage.AT_RISK: charts.LOSS,
    Stage.LOST: charts.LOSS,
    Stage.NEW: charts.WARN,
}


@require_safe
def base(request: SignedInRequest) -> HttpResponse:
    figures = base_figures(request.user)
    if figures is None:
        return render(request, "lifecycle/empty.html")
    curve = figures.whale["contribution_3"]
    stages = _stages(figures)
    points = _points(curve) if curve else []
    context = {
        "figures": figures,
        "change": _change(figures),
        "loss_share": abs(figures.loss / figures.contribution_3)
        if figures.contribution_3 > 0
        else None,
        "curve": curve,
        "points": points[:: max(1, len(points) // 20)],
        "whale": charts.whale(points, {"x": _("Customers, best first"), "share": _("Share")}),
        "stages": stages,
        "stage_chart": charts.bars(stages, {"name": _("Stage"), "count": _("Customers")}),
        "quality": figures.totals["quality"],
        "charts": True,
    }
    return render(request, "lifecycle/base.html", context)


def _change(figures: Figures) -> float | None:
    """Against the year before; no share of nothing or of a loss."""
    if figures.previous_contribution_3 <= 0:
        return None
    return float(figures.contribution_3 / figures.previous_contribution_3 - 1)


def _points(curve: dict[str, Any]) -> list[dict[str, Any]]:
    """Each point stands for the customers up to the next one, and leads to them."""
    rows = zip(curve["ranks"], curve["shares"], curve["places"], strict=True)
    points, before = [], 0
    for rank, share, place in rows:
        falling = rank >= curve["peak_rank"]
        ranks = {"from": before + 1, "to": max(place, before + 1)}
        href = f"{reverse('customers')}?{urlencode(ranks)}"
        points.append({"rank": rank, "share": share, "falling": falling, "href": href})
        if rank == curve["peak_rank"]:
            points.append(points[-1] | {"falling": False})
        before = place
    return points


def _stages(figures: Figures) -> list[dict[str, Any]]:
    return [
        {
            "stage": stage.value,
            "name": str(stage.label),
            "count": figures.stages.get(stage.value, 0),
            "shown": number(figures.stages.get(stage.value, 0)),
            "tone": TONES.get(stage, charts.QUIET),
            "href": f"{reverse('customers')}?stage={stage.value}",
        }
        for stage in Stage
        if figures.stages.get(stage.value, 0) or stage not in (Stage.PARTED, Stage.PROSPECT)
    ]
