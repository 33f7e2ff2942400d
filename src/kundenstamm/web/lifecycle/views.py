"""The base page: how healthy is the base?"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
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
    figures = base_figures(request.user)
    if figures is None:
        teaches = may(request.user, Right.IMPORT)
        return render(request, f"lifecycle/{'empty' if teaches else 'nothing'}.html")
    shown = [estimate.customer_id for estimate in figures.risk_list]
    note_read("base", shown, actor=request.user, at=timezone.now())
    curve = figures.whale["contribution_3"]
    context = {
        "figures": figures,
        "change": _change(figures),
        "loss_share": abs(figures.loss / figures.contribution_3)
        if figures.contribution_3 > 0
        else None,
        "curve": curve,
        "stages": _stages(figures),
        "quality": figures.totals["quality"],
        "charts": True,
    }
    return render(request, "lifecycle/base.html", context | _drawn(figures, curve))


def _drawn(figures: Figures, curve: dict[str, Any] | None) -> dict[str, Any]:
    """The specifications, and the points that the table below the curve names."""
    stages = _stages(figures)
    bars = {"name": _("Stage"), "count": _("Customers"), "value": _("Contribution III")}
    drawn: dict[str, Any] = {"stage_chart": charts.bars(stages, bars)}
    if curve is None:
        return drawn
    points = _points(curve, whole=figures.whole)
    axes = {"x": _("Customers, best first"), "share": _("Share of profit")}
    drawn["whale"] = charts.whale(points, _notes(curve, whole=figures.whole), axes)
    drawn["points"] = points[:: max(1, len(points) // 20)]
    return drawn


def _change(figures: Figures) -> float | None:
    """Against the year before; no share of nothing or of a loss."""
    if figures.previous_contribution_3 <= 0:
        return None
    return float(figures.contribution_3 / figures.previous_contribution_3 - 1)


def _points(curve: dict[str, Any], *, whole: bool) -> list[dict[str, Any]]:
    """Each point stands for the customers up to the next one, and leads to them."""
    rows = zip(curve["ranks"], curve["shares"], curve["places"], strict=True)
    points, before = [], 0
    for rank, sum_so_far, place in rows:
        falling = rank >= curve["peak_rank"]
        href = _ranked(before + 1, max(place, before + 1), whole=whole)
        points.append({"rank": rank, "share": sum_so_far, "falling": falling, "href": href})
        if rank == curve["peak_rank"]:
            points.append(points[-1] | {"falling": False})
        before = place
    return points


def _notes(curve: dict[str, Any], *, whole: bool) -> list[dict[str, Any]]:
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
            "href": _ranked(1, count, whole=whole),
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
            "href": _customers({"losing": 1, "order": "up"}),
        },
    ]


def _ranked(first: int, last: int, *, whole: bool) -> str:
    """The list of these places; to others places in the whole ranking would tell its length."""
    return _customers({"from": first, "to": last} if whole else {"sort": "profit"})


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
                "href": _customers({"stage": stage.value}),
            }
        )
    return stages


def _customers(query: dict[str, Any]) -> str:
    return f"{reverse('customers')}?{urlencode(query)}"
