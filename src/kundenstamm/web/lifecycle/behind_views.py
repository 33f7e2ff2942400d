"""The customers behind a mark of the base page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kundenstamm.guard.audit import note_read
from kundenstamm.lifecycle.models import Stage
from kundenstamm.lifecycle.queries.behind import (
    LOSING,
    REGULARS,
    Behind,
    Limits,
    customers_behind,
)
from kundenstamm.web.lifecycle.asked import LEVELS, base_address, chosen, periods
from kundenstamm.web.shell.figures import number
from kundenstamm.web.shell.requests import SignedInRequest


@require_safe
def behind(request: SignedInRequest) -> HttpResponse:
    """Those of the chosen part whom the mark stands for, and what they brought in the period."""
    ask = chosen(request.GET)
    found = customers_behind(
        request.user, ask, limits(request.GET), _whole(request.GET.get("page")) or 1
    )
    if found is None:
        return render(request, "lifecycle/nothing.html")
    shown = [row.customer.pk for row in found.rows]
    note_read("base-customers", shown, actor=request.user, at=timezone.now())
    context = {
        "found": found,
        "title": _title(request.GET),
        "when": dict(periods(found.run.as_of))[found.period.name],
        "level": LEVELS[ask.level],
        "back": base_address(ask),
        "sums": _amounts(found.sums),
        "rows": list(zip(found.rows, (_amounts(r.amounts) for r in found.rows), strict=True)),
    } | _pages(request.GET, found)
    return render(request, "lifecycle/behind.html", context)


def limits(query: QueryDict) -> Limits:
    """What is not understood does not limit."""
    stage, group = query.get("stage", ""), query.get("group", "")
    return Limits(
        first=_whole(query.get("first")),
        last=_whole(query.get("last")),
        net=(_whole(query.get("net_from")), _whole(query.get("net_to"))),
        profit=(_whole(query.get("profit_from")), _whole(query.get("profit_to"))),
        stage=stage if stage in Stage.values else "",
        group=group if group in (LOSING, REGULARS) else "",
    )


def _title(query: QueryDict) -> str:
    asked = limits(query)
    if asked.group == REGULARS:
        return _("Profitable regulars")
    if asked.group == LOSING:
        return _("Loss-makers")
    if asked.stage:
        return str(Stage(asked.stage).label)
    if asked.first is not None and asked.last is not None:
        ends = {"first": number(asked.first), "last": number(asked.last)}
        return _("Place %(first)s to %(last)s") % ends
    return _("Customers behind this mark")


def _amounts(amounts: dict[str, Any]) -> list[Any]:
    return list(amounts.values())


def _pages(query: QueryDict, found: Behind) -> dict[str, str]:
    return {
        "previous": _turned(query, found.page - 1) if found.page > 1 else "",
        "next": _turned(query, found.page + 1) if found.page < found.pages else "",
    }


def _turned(query: QueryDict, page: int) -> str:
    changed = query.copy()
    changed["page"] = str(page)
    return f"?{changed.urlencode()}"


def _whole(text: str | None) -> int | None:
    digits = (text or "").removeprefix("-")
    return int(text or "") if digits.isdecimal() and len(digits) < 13 else None
