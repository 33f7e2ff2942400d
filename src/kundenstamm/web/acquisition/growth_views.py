"""The growth page: where do good customers come from, and whom should we look for?"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kundenstamm.acquisition import queries
from kundenstamm.acquisition.figures import growth as figures
from kundenstamm.acquisition.targets import targets as wanted
from kundenstamm.company.queries import profile
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.rights import Right, may
from kundenstamm.kit import charts
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.web.acquisition import words
from kundenstamm.web.shell.requests import SignedInRequest
from kundenstamm.worth.acquisition.attribution import Attribution
from kundenstamm.worth.acquisition.sums import LEVEL


@require_safe
def growth(request: SignedInRequest) -> HttpResponse:
    """Each channel: its cost, who became regulars, when it pays back, what it brings later."""
    asked = request.GET.get("way", "")
    way = Attribution(asked) if asked in set(Attribution) else Attribution.POSITION
    told = request.GET.get("year", "")
    year = int(told) if told.isdecimal() and len(told) == 4 else None
    found = figures(request.user, way, year)
    if found is None:
        return _nothing(request, "growth")
    currency = profile().currency
    context: dict[str, Any] = {
        "found": found,
        "rows": words.rows(found.results),
        "ways": [
            {"words": label, "on": each is way, "href": _address(each, year)}
            for each, label in words.WAYS.items()
        ],
        "way": words.credited(way),
        "years": [
            {
                "words": str(each) if each else _("all years"),
                "on": each == year,
                "href": _address(way, each),
            }
            for each in (None, *found.years)
        ],
        "level": LEVEL,
        "told": words.told(found.results, currency),
        "more": words.more(found.results, currency) if found.costs else [],
        "unclaimed": sum(number for _name, number in queries.unclaimed_names(request.user)),
        "chart": charts.cohorts(words.lines(found.results), words.axes()),
        "charts": True,
        "tab": "growth",
    }
    return render(request, "acquisition/growth.html", context)


def _nothing(request: SignedInRequest, tab: str) -> HttpResponse:
    """Nobody is valued yet, or the pass after the first valuation is still to come."""
    told = {"tab": tab, "valued": latest_run() is not None}
    return render(request, "acquisition/nothing.html", told)


def _address(way: Attribution, year: int | None) -> str:
    return f"{reverse('growth')}?way={way.value}" + (f"&year={year}" if year else "")


@require_safe
def targets(request: SignedInRequest) -> HttpResponse:
    """What the best had in common at the start, and prospects that have it, too."""
    found = wanted(request.user)
    if found is None:
        return _nothing(request, "targets")
    shown = [each.customer.pk for each in found.prospects]
    note_read("targets", shown, actor=request.user, at=timezone.now())
    names = {each.code: str(each) for each in queries.channels()}
    context = {
        "found": found,
        "tells": found.likeness is not None and found.likeness.tells,
        "best": [words.trait(each, names) for each in found.best],
        "worst": [words.trait(each, names) for each in found.worst],
        "rows": [
            {"of": each, "reasons": [words.trait(why, names) for why in each.resembles.reasons[:3]]}
            for each in found.prospects
        ],
        "records": may(request.user, Right.RECORD),
        "tab": "targets",
    }
    return render(request, "acquisition/targets.html", context)
