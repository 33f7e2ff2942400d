"""What was done for a customer, and what made it cost what it costs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kundenstamm.customers.models import Customer
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.masks import sees
from kundenstamm.guard.rights import Right, may
from kundenstamm.kit.months import Month
from kundenstamm.serving.tracing import PAGE, Trace, Work, activities_of, trace
from kundenstamm.web.serving.months import around, asked_month, shown
from kundenstamm.web.shell.figures import exact
from kundenstamm.web.shell.requests import SignedInRequest


@require_safe
def activities(request: SignedInRequest, key: UUID) -> HttpResponse:
    """A month's activities of one customer; 404 for one that is not the reader's to see."""
    who = _customer(request, key)
    note_read("activities", [who.pk], actor=request.user, at=timezone.now())
    month = asked_month(request.GET.get("month", ""))
    found = activities_of(request.user, who, month)
    context: dict[str, Any] = {
        "customer": who, "rows": found, "prices": sees(request.user, "document.prices"),
        "cut_off": PAGE if len(found) == PAGE else 0, **_sums(found),
    }  # fmt: skip
    return render(request, "customers/activities.html", context | around(month))


@require_safe
def activity(request: SignedInRequest, key: UUID, pk: int) -> HttpResponse:
    """One activity: minutes, pool, rate, run, and its entries."""
    who = _customer(request, key)
    found = trace(request.user, who, pk)
    if found is None:
        raise Http404
    note_read("activity", [who.pk], actor=request.user, at=timezone.now())
    month = Month.of(found.work.activity.date)
    context = {
        "customer": who, "trace": found, "work": found.work, "activity": found.work.activity,
        "sum": _sum(found), "prices": sees(request.user, "document.prices"),
        "keeps": may(request.user, Right.COMPANY), "month": month, "month_shown": shown(month),
    }  # fmt: skip
    return render(request, "customers/activity.html", context)


def _customer(request: SignedInRequest, key: UUID) -> Customer:
    return get_object_or_404(Customer.objects.visible_to(request.user), key=key)


def _sums(found: list[Work]) -> dict[str, Decimal]:
    return {
        "minutes": sum((each.minutes or Decimal(0) for each in found), Decimal(0)),
        "cost": sum((each.cost or Decimal(0) for each in found), Decimal(0)),
    }


def _sum(found: Trace) -> str:
    """``4 + 3 × 1,2 (lines) = 7,6``; empty where somebody stopped the minutes, or none fit."""
    activity = found.work.activity
    if activity.minutes is not None or found.work.minutes is None or found.equation is None:
        return ""
    terms = [f"{exact(t.amount)} × {exact(t.minutes)} ({t.name})" for t in found.terms]
    whole = " + ".join([exact(found.equation.base_minutes), *terms])
    return f"{whole} = {exact(found.work.minutes)}"
