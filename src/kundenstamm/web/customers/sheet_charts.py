"""The customer page's charts: plain rows for `kit.charts`."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kundenstamm.company.queries import profile
from kundenstamm.kit import charts
from kundenstamm.lifecycle.queries import Sheet
from kundenstamm.lifecycle.rules import money

ALWAYS = {"gross_sales", "net_revenue", "contribution_1", "contribution_3"}
ACCENT = "var(--accent)"


def steps(sheet: Sheet) -> list[dict[str, Any]]:
    """The bridge's bars; a level with nothing in it, and its subtotal, are left out."""
    currency = profile().currency
    shown, before, running = [], None, 0.0
    for step in sheet.bridge:
        amount = float(step.amount)
        if step.is_subtotal:
            start, running = 0.0, amount
            useless = step.name not in ALWAYS and step.amount == before
            before = step.amount
            if useless:
                continue
        else:
            start, running = running, running + amount
            if not amount:
                continue
        shown.append(
            {
                "name": str(step.label),
                "start": start,
                "end": running,
                "top": max(start, running),
                "shown": money(step.amount, currency, decimals=0),
                "amount": step.amount,
                "subtotal": step.is_subtotal,
                "tone": ACCENT if step.is_subtotal and amount >= 0 else charts.LOSS,
                "href": _entries(sheet, level=step.name),
            }
        )
    return shown


def bridge(sheet: Sheet) -> dict[str, Any] | None:
    if not sheet.bridge:
        return None
    plain = [{k: v for k, v in step.items() if k != "amount"} for step in steps(sheet)]
    return charts.bridge(plain, {"name": _("Level"), "amount": _("Amount")})


def rhythm(sheet: Sheet) -> dict[str, Any] | None:
    """Purchases and P(active); nothing before the first purchase."""
    bought = [day for day in sheet.days if day.is_occasion]
    if not bought:
        return None
    currency = profile().currency
    purchases = [
        {
            "day": day.day.isoformat(),
            "size": float(day.net),
            "shown": money(day.net, currency, decimals=0),
            "href": _entries(sheet, day=day.day.isoformat()),
        }
        for day in bought
    ]
    active = [{"day": day.isoformat(), "share": share} for day, share in sheet.p_active]
    due = sheet.estimate.next_expected_day if sheet.estimate else None
    labels = {
        "day": _("Day"),
        "active": _("Probability of being still a customer"),
        "amount": _("Net revenue"),
        "due": _("Next purchase expected"),
    }
    return charts.rhythm(purchases, active, due.isoformat() if due else None, labels)


def _entries(sheet: Sheet, **query: str) -> str:
    ((name, value),) = query.items()
    return f"{reverse('entries', args=[sheet.customer.key])}?{name}={value}"
