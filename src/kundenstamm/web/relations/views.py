"""Who holds whom: what hangs on each colleague, and what if one of them left tomorrow."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kundenstamm.departures.looking_back import own_rates
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.rights import Right, may
from kundenstamm.relations import queries
from kundenstamm.relations.models import Colleague
from kundenstamm.web.relations import figures
from kundenstamm.web.relations.forms import RatesForm
from kundenstamm.web.shell.requests import SignedInRequest
from kundenstamm.worth.relations.leaving import LOSS

SHOWN = 25
LAST_START = 1_000_000


@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """What hangs on whom. Tells of no single customer."""
    found, start = queries.people(request.user), _start(request)
    rows, history = figures.rows(found), figures.by_month(found.history)
    context: dict[str, Any] = {
        "found": found,
        "all": may(request.user, Right.RELATIONS),
        "rows": rows[start : start + SHOWN],
        "previous": f"?from={max(start - SHOWN, 0)}" if start else "",
        "next": f"?from={start + SHOWN}" if len(rows) > start + SHOWN else "",
        "history": history,
        "quarters": figures.quarters(found.history),
        "looked_back": any(each.looked_back for each in found.history),
    }
    if len(context["quarters"]) > 1:
        context |= {"chart": figures.chart(history), "charts": True}
    if found.firm is not None:
        context["unknown"] = found.firm.value - found.firm.known
    return render(request, "relations/people.html", context)


@require_safe
def leaving(request: SignedInRequest, colleague: UUID) -> HttpResponse:
    """What if they left tomorrow; 404 for whom one may not see."""
    who = Colleague.objects.filter(key=colleague).first()
    if who is None or not queries.may_see(request.user, who):
        raise Http404
    own = own_rates(request.user, LOSS)
    form, start = RatesForm(request.GET or None, usual=own or LOSS), _start(request)
    rates = form.rates()
    found = queries.leaving(request.user, who, rates=rates, start=start, size=SHOWN)
    shown = [row.bond.customer_id for row in found.rows]
    note_read("leaving", shown, actor=request.user, at=timezone.now())
    context = {
        "found": found,
        "who": who,
        "themself": who.user_id == request.user.pk,
        "own_rates": own and [figures.percent(each) for each in own],
        "sliders": [
            (form["low"], figures.percent(rates[0])),
            (form["high"], figures.percent(rates[1])),
        ],
        "low": figures.percent(rates[0]),
        "high": figures.percent(rates[1]),
        "start": start,
        "previous": _page(rates, start - SHOWN) if start else "",
        "next": _page(rates, start + SHOWN) if found.more else "",
    }
    page = "relations/lost.html" if request.htmx else "relations/leaving.html"
    return render(request, page, context)


def _start(request: SignedInRequest) -> int:
    told = request.GET.get("from", "")
    return min(int(told), LAST_START) if told.isascii() and told.isdecimal() else 0


def _page(rates: tuple[float, float], start: int) -> str:
    low, high = (f"{100 * rate:g}" for rate in rates)
    return "?" + urlencode({"low": low, "high": high, "from": max(start, 0)})
