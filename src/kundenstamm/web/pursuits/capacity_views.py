"""The calendar of pools, and who stands behind one of its cells."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kundenstamm.guard.audit import note_read
from kundenstamm.kit.months import Month
from kundenstamm.pursuits.capacity import Cell, as_expected, behind, calendar, expected_part
from kundenstamm.pursuits.hands import Hands, hands
from kundenstamm.serving.models import Pool
from kundenstamm.web.pursuits import capacity_words as words
from kundenstamm.web.shell.requests import SignedInRequest

SPANS = (12, 24)


@require_safe
def capacity(request: SignedInRequest) -> HttpResponse:
    """``?months=24`` looks further, ``?pool=`` is the one that is drawn, and ``?base=expected``
    takes the base as the models expect it instead of as it was a year before."""
    today = timezone.localdate()
    held, part = _held(request, today)
    months = 24 if request.GET.get("months") == "24" else SPANS[0]
    rows = calendar(held, today, months)
    pool = _chosen(request, held)
    drawn = [cell for row in rows for cell in row if cell.pool == pool]
    context = {
        "pools": held.rows,
        "rows": [
            {"month": row[0].month, "cells": [words.shown(cell) for cell in row]}
            for row in rows
            if row
        ],
        "months": months,
        "spans": SPANS,
        "pool": pool,
        "drawn": [words.shown(cell) | _hours(cell) for cell in drawn],
        "chart": words.chart(drawn) if drawn else None,
        "charts": bool(drawn),
        "short": words.overflowing(rows),
        "known": held.months,
        "part": part,
        "expected": _is_expected(request, part),
        **_carried(request, part),
    }
    return render(request, "pursuits/capacity.html", context)


@require_safe
def cell(request: SignedInRequest, pool: int, of_month: str) -> HttpResponse:
    """Pursuits and customers that need a pool in a month."""
    today = timezone.localdate()
    month = _month(of_month)
    row = Pool.objects.filter(pk=pool).first()
    held, part = _held(request, today)
    found = behind(request.user, held, row, month.first, today) if row else None
    if found is None:
        raise Http404
    shown = {each.pursuit.customer_id for each in (*found.pursuits, *found.won)}
    shown |= {customer.pk for customer, _minutes in found.worked.rows}
    note_read("capacity", shown, actor=request.user, at=timezone.now())
    used, known = found.worked.used, found.worked.known
    others = known - sum(minutes for _customer, minutes in found.worked.rows)
    context = {
        "of": found,
        "part": part if _is_expected(request, part) else None,
        "cell": words.shown(found.cell) | _hours(found.cell),
        "running": [
            {"of": each.pursuit, "whole": words.hours(each.minutes),
             "counted": words.hours(each.counted)}
            for each in found.pursuits
        ],
        "won": [{"of": each.pursuit, "counted": words.hours(each.counted)} for each in found.won],
        "other": words.hours(found.other) if found.other else "",
        "other_won": words.hours(found.other_won) if found.other_won else "",
        "most": [
            {"of": customer, "hours": words.hours(minutes)}
            for customer, minutes in found.worked.rows
        ],
        "others": words.hours(others) if others > 1 else "",
        "used": words.hours(used) if used is not None else "",
        "rest": words.hours(used - known) if used is not None and used - known > 1 else "",
    }  # fmt: skip
    return render(request, "pursuits/capacity_cell.html", context)


def _held(request: SignedInRequest, today: date) -> tuple[Hands, float | None]:
    """The pools, and what part of last year's work is expected."""
    held, part = hands(today), expected_part()
    if part is not None and _is_expected(request, part):
        held = as_expected(held, part)
    return held, part


def _is_expected(request: SignedInRequest, part: float | None) -> bool:
    return part is not None and request.GET.get("base") == "expected"


def _carried(request: SignedInRequest, part: float | None) -> dict[str, str]:
    """What addresses carry on: after another query, and as the only one."""
    told = "base=expected" if _is_expected(request, part) else ""
    return {"base": f"&{told}" if told else "", "of_base": f"?{told}" if told else ""}


def _month(told: str) -> Month:
    try:
        return Month.parse(told)
    except ValueError:
        raise Http404 from None


def _chosen(request: SignedInRequest, held: Hands) -> Pool | None:
    """The one that was asked for; otherwise the one with least to spare within a year."""
    told = request.GET.get("pool", "")
    asked = next((row for row in held.rows if str(row.pk) == told), None)
    if asked or not held.rows:
        return asked
    both = zip(held.loads, held.rows, strict=True)
    return max(both, key=lambda pair: max(pair[0].full[: SPANS[0]]))[1]


def _hours(cell: Cell) -> dict[str, str]:
    names = ("capacity", "base", "won", "planned", "needed")
    return {f"{name}_hours": words.hours(getattr(cell, name)) for name in names}
