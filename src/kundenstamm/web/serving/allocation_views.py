"""The allocation: which months are done, one month's result, the button that runs it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.guard.queries import sees_whole_base
from kundenstamm.kit.money import shown_parts
from kundenstamm.lifecycle.allocating import STEPS, ask_for_allocation, months_on_the_way
from kundenstamm.serving.models import AllocationJob, AllocationRun
from kundenstamm.serving.queries import (
    MonthStatus,
    history,
    month_status,
    months_to_allocate,
    statuses,
)
from kundenstamm.web.serving.months import named_month, shown
from kundenstamm.web.shell.requests import SignedInRequest

SHOWN_MONTHS = 36
UNDER_WAY = (AllocationJob.State.WAITING, AllocationJob.State.RUNNING)


@require_safe
def months(request: SignedInRequest) -> HttpResponse:
    """Month by month: allocated or not, and whether anything changed since."""
    found = months_to_allocate(timezone.localdate())[:SHOWN_MONTHS]
    on_the_way = months_on_the_way()
    rows = [_row(each, on_the_way) for each in statuses(found)]
    return render(request, "serving/months.html", {"rows": rows})


@require_safe
def month(request: SignedInRequest, month: str) -> HttpResponse:
    """One month. Sums over all customers are for those only from whom none is kept."""
    asked = named_month(month)
    status = month_status(asked)
    whole = sees_whole_base(request.user)
    context: dict[str, Any] = {
        "whole": whole,
        "history": [_told(run) for run in history(asked)],
        "begun": asked.first <= timezone.localdate(),
    }
    if status.run is not None:
        context |= {"result": _result(status.run), "pools": _pools(status.run)}
        context["late"] = _late(status.run)
    return render(request, "serving/month.html", context | _row(status, months_on_the_way()))


@require_POST
def run(request: SignedInRequest, month: str) -> HttpResponse:
    asked = named_month(month)
    if asked.first > timezone.localdate():
        said = _("%(month)s has not begun yet. Take this month or an earlier one.")
        messages.error(request, said % {"month": shown(asked)})
    else:
        ask_for_allocation(asked, actor=request.user, at=timezone.now())
    return redirect("allocation", month=str(asked))


@require_safe
def progress(request: SignedInRequest, month: str) -> HttpResponse:
    """The part of the page that asks again while the month is being allocated."""
    told = _row(month_status(named_month(month)), months_on_the_way())
    answer = render(request, "serving/step.html", told)
    if not told["going"]:
        answer["HX-Refresh"] = "true"
    return answer


def _row(status: MonthStatus, on_the_way: set[str]) -> dict[str, Any]:
    """A month's state as one of ``going``, ``failed``, ``never``, ``changed``, ``done``."""
    job = status.job
    under_way = job is not None and job.state in UNDER_WAY
    going = under_way and str(status.month) in on_the_way
    failed = job is not None and not going and (under_way or job.state == job.State.FAILED)
    step = job.step if job is not None and job.step in STEPS else STEPS[0]
    return {
        "status": status, "month": status.month, "month_shown": shown(status.month),
        "going": going, "failed": failed, "why": job.error if failed and job else "",
        "step": step, "at": STEPS.index(step), "steps": len(STEPS) - 1,
    }  # fmt: skip


def _pools(run: AllocationRun) -> list[dict[str, Any]]:
    return [pool | _money(pool) | {"share": _share(pool)} for pool in run.result.get("pools", [])]


def _result(run: AllocationRun) -> dict[str, Any]:
    return {**run.result} | _money(run.result) | {"reversed": Decimal(run.result["reversed"])}


def _late(run: AllocationRun) -> dict[str, Any]:
    """What late payment cost beside the pools; nothing of runs that did not ask for it yet."""
    told = run.result.get("late")
    if not told:
        return {}
    return {**told, "charged": Decimal(told["charged"]), "rate": Decimal(told["rate"])}


def _told(run: AllocationRun) -> dict[str, Any]:
    return {"run": run, "result": _result(run)}


def _money(told: Mapping[str, Any]) -> dict[str, Decimal]:
    """Cost, and its two parts rounded so that they add up to it to the cent."""
    charged, idle = shown_parts([Decimal(told["charged"]), Decimal(told["idle"])])
    return {"cost": charged + idle, "charged": charged, "idle": idle}


def _share(pool: Mapping[str, Any]) -> Decimal:
    """Of the capacity, so much was used."""
    return Decimal(pool["used"]) / Decimal(pool["capacity"])
