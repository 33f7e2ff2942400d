"""How good are our estimates? The page, and the button that has them measured anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.company.queries import profile
from kundenstamm.guard.rights import Right, may
from kundenstamm.kit import charts
from kundenstamm.lifecycle.evidence import ask_for_judgement, is_being_judged, latest_evidence
from kundenstamm.lifecycle.models import Evidence
from kundenstamm.web.lifecycle.evidence_words import beside_recency, comparison
from kundenstamm.web.shell.figures import number, share
from kundenstamm.web.shell.requests import SignedInRequest

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# As it stands in a sentence: "in the 12 months up to …".
SPANS: Mapping[int, _StrPromise] = {
    365: gettext_lazy("the 12 months"),
    182: gettext_lazy("the 6 months"),
    91: gettext_lazy("the 3 months"),
    30: gettext_lazy("the 30 days"),
}
# A total this near is called right; intervals may be off by as much.
NEAR = 0.05


@require_safe
def evidence(request: SignedInRequest) -> HttpResponse:
    """403 for whoever does not see the whole base: all of it is sums over everybody."""
    found = latest_evidence(request.user)
    context: dict[str, Any] = {
        "found": found,
        "asks": may(request.user, Right.COMPANY),
        "imports": may(request.user, Right.IMPORT),
        "going": is_being_judged(),
    }
    if found is not None and found.windows:
        context |= _shown(found)
    return render(request, "lifecycle/evidence.html", context)


@require_safe
def progress(request: SignedInRequest) -> HttpResponse:
    """The part of the page that asks again while the measuring goes on."""
    latest_evidence(request.user)
    answer = render(request, "lifecycle/evidence_going.html")
    if not is_being_judged():
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def again(request: SignedInRequest) -> HttpResponse:
    ask_for_judgement(actor=request.user, at=timezone.now())
    messages.success(request, _("It is being measured. You can leave this page."))
    return redirect("evidence")


def _shown(found: Evidence) -> dict[str, Any]:
    currency, windows = profile().currency, [_window(each) for each in found.windows]
    classes = {name: _classes(rows, name) for name, rows in found.calibration.items()}
    return {
        "span": SPANS.get(found.horizon_days or 0, ""),
        "windows": windows,
        "latest": windows[0],
        "verdict": _verdict(windows[0]["occasions"]["change"]),
        "inside_verdict": _inside_verdict(windows[0]["occasions"]["inside"]),
        "classes": classes,
        "sides": {name: _sides(rows) for name, rows in classes.items()},
        "count_chart": charts.calibration(classes["counts"], _labels("counts")),
        "chance_chart": charts.calibration(classes["chances"], _labels("chances"), chances=True),
        "tables": [
            (_("Purchases"), comparison(found.compared, "occasions", currency)),
            (_("Contribution II"), comparison(found.compared, "contribution", currency)),
        ],
        "beside_recency": beside_recency(found.compared),
        "charts": True,
    }


def _window(stored: Mapping[str, Any]) -> dict[str, Any]:
    """With days as days, and by how much more or less came than expected."""
    days = {name: date.fromisoformat(stored[name]) for name in ("cutoff", "ends")}
    sums = {name: _sum(stored[name]) for name in ("occasions", "contribution")}
    return {"customers": stored["customers"]} | days | sums


def _sum(stored: Mapping[str, Any]) -> dict[str, Any]:
    expected, came, inside = stored["expected"], stored["came"], stored["inside"]
    change = came / expected - 1 if expected > 0 else None
    hundred = None if inside is None else round(100 * inside)
    return {"expected": expected, "came": came, "change": change, "inside": hundred}


def _verdict(change: float | None) -> str:
    if change is None:
        return ""
    if abs(change) <= NEAR:
        return _("The total was right.")
    if change < 0:
        return _("The total was too high: less came than expected.")
    return _("The total was too low: more came than expected.")


def _inside_verdict(inside: int | None) -> str:
    """Of 100 customers; 80 is what the interval promises."""
    if inside is None or abs(inside - 80) <= 100 * NEAR:
        return ""
    if inside < 80:
        return _("The intervals are too narrow: be less sure than they are.")
    return _("The intervals are wider than they need be.")


def _classes(rows: Sequence[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    """With figures as people read them, and whether chance explains the difference."""
    said = _in_words[name]
    found = []
    for row in rows:
        holds = row["low"] <= row["expected"] <= row["high"]
        shown = {
            "customers": number(row["customers"]),
            "told": said(row["expected"]),
            "came": said(row["actual"]),
            "span": f"{said(row['low'])} – {said(row['high'])}",
        }
        found.append(
            {**row, **shown, "holds": holds, "tone": charts.GAIN if holds else charts.LOSS}
        )
    return found


def _sides(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """In how many classes chance explains the difference; of the others, on which side it is."""
    return {
        "holding": sum(row["holds"] for row in rows),
        "high": sum(row["expected"] > row["high"] for row in rows),
        "low": sum(row["expected"] < row["low"] for row in rows),
    }


def _few(value: float) -> str:
    """A number of purchases: the smaller, the finer."""
    return number(value, 2 if value < 1 else 1 if value < 10 else 0)


_in_words = {"counts": _few, "chances": share}


def _labels(name: str) -> dict[str, str]:
    axes = {
        "counts": (_("Purchases expected per customer"), _("Purchases that came")),
        "chances": (_("Chance to buy again that we gave"), _("Share that bought again")),
    }
    x, y = axes[name]
    told = {"told": _("Expected"), "came": _("Came"), "span": _("by chance")}
    return {"x": x, "y": y, "customers": _("Customers"), **told}
