"""Scenarios side by side: each figure of a column as it is shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kundenstamm.pursuits.outlooks import Column, Compared, Group
from kundenstamm.pursuits.rules import month_after
from kundenstamm.web.pursuits.capacity_words import hours
from kundenstamm.web.pursuits.words import month_name
from kundenstamm.web.shell.figures import number, share
from kundenstamm.worth.pursuit.scenario import HORIZON, Short


def side_by_side(found: Compared, best: bool = True) -> dict[str, Any]:
    """Columns, and for each pool a row with what each column says of it."""
    columns = [_column(each, found) for each in found.columns]
    if best and len(columns) > 1:
        top = max(found.columns, key=lambda each: each.outcome.expected)
        columns[found.columns.index(top)]["best"] = True
    pools = [
        {
            "name": row.name,
            "cells": [_short(each.outcome.pools[n], found.begins) for each in found.columns],
        }
        for n, row in enumerate(found.hands.rows)
    ]
    return {"columns": columns, "pools": pools, "horizon": HORIZON}


def _column(of: Column, found: Compared) -> dict[str, Any]:
    result, planned = of.outcome, found.columns[0].outcome
    fullest = result.fullest
    return {
        "scenario": of.scenario,
        "note": of.scenario.open("note") if of.scenario else "",
        "expected": result.expected,
        "low": result.interval.low,
        "high": result.interval.high,
        "more": result.expected - planned.expected if of.scenario else None,
        "tries": result.tries,
        "added": result.added,
        "borne": result.borne,
        "overtime": result.overtime,
        "fullest": _fullest(fullest, found.begins) if fullest else None,
        "taken": [
            {"of": pursuit, "month": month_name(month_after(found.begins, each.plan.first_month))}
            for pursuit, each in of.taken
        ],
        "further": [_group(each, found.begins) for each in of.further],
        "hired": [
            {"pool": each.pool.name, "hours": hours(each.minutes), "month": month_name(each.month)}
            for each in (of.scenario.hands.all() if of.scenario else ())
        ],
        "unknown": of.unknown,
        "beyond": any(each.beyond for each in result.pools),
        "best": False,
    }


def _group(of: Group, begins: date) -> dict[str, Any]:
    """``20 like class B, from March 2027 on``."""
    kind = _("as typed")
    if of.value_class:
        kind = _("of class %(of)s") % {"of": of.value_class}
    elif of.pursuit is not None:
        kind = _("like %(name)s") % {"name": of.pursuit.customer.name}
    month = month_name(month_after(begins, of.taken.plan.first_month))
    return {"number": number(of.taken.number), "kind": kind, "month": month}


def _fullest(of: Short, begins: date) -> dict[str, str]:
    return {
        "pool": of.pool,
        "month": month_name(month_after(begins, of.fullest)),
        "full": share(of.full),
    }


def _short(of: Short, begins: date) -> dict[str, Any]:
    return {
        "number": len(of.months),
        "beyond": number(len(of.beyond)) if of.beyond else "",
        "first": month_name(month_after(begins, of.months[0])) if of.months else "",
    }
