"""The customer page's charts: plain rows for `kit.charts`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kundenstamm.company.queries import profile
from kundenstamm.guard.masks import HIDDEN
from kundenstamm.kit import charts
from kundenstamm.lifecycle.models import Stage
from kundenstamm.lifecycle.queries import Sheet
from kundenstamm.lifecycle.rules import money
from kundenstamm.web.shell.figures import share

ALWAYS = {"gross_sales", "net_revenue", "contribution_1", "contribution_3"}
YEAR = timedelta(days=364)

# Under a bar there is room for one short word.
BRIEF = {
    "gross_sales": pgettext_lazy("bar", "Sales"),
    "returns": gettext_lazy("Returns"),
    "reductions": pgettext_lazy("bar", "Reductions"),
    "net_revenue": pgettext_lazy("bar", "Net"),
    "goods": pgettext_lazy("bar", "Goods"),
    "contribution_1": pgettext_lazy("bar", "Contr. I"),
    "cost_to_serve": pgettext_lazy("bar", "Care"),
    "contribution_2": pgettext_lazy("bar", "Contr. II"),
    "winning": pgettext_lazy("bar", "Winning"),
    "contribution_3": pgettext_lazy("bar", "Contr. III"),
}


def steps(sheet: Sheet) -> list[dict[str, Any]]:
    """The bridge's bars; a level with nothing in it, and its subtotal, are left out."""
    currency = profile().currency
    others = _others(sheet)
    shown, running, net = [], 0.0, sheet.estimate.year_net_revenue if sheet.estimate else 0
    for step in sheet.bridge:
        amount = float(step.amount)
        start, running = (0.0, amount) if step.is_subtotal else (running, running + amount)
        if _says_nothing(sheet, step.name, amount):
            continue
        shown.append(
            {
                "name": str(BRIEF[step.name]),
                "words": str(step.label),
                "start": start,
                "end": running,
                "top": max(start, running),
                "shown": money(step.amount, currency, decimals=0),
                "amount": step.amount,
                "subtotal": step.is_subtotal,
                "tone": charts.ACCENT if step.is_subtotal and amount >= 0 else charts.LOSS,
                "href": _entries(sheet, level=step.name, **_year(sheet)),
                "share": share(step.amount / net, 1) if net > 0 else "–",
                **others.get(step.name, {"other": None, "told": "", "others": "–"}),
            }
        )
    return shown


def _others(sheet: Sheet) -> dict[str, dict[str, Any]]:
    """Step → where its bar would end with the shares of comparable customers, and that share."""
    if sheet.comparable is None or sheet.estimate is None:
        return {}
    net, running, found = float(sheet.estimate.year_net_revenue), 0.0, {}
    for step in sheet.bridge:
        of_net = sheet.comparable.shares[step.name]
        running = of_net * net if step.is_subtotal else running + of_net * net
        words = share(of_net, 1)
        found[step.name] = {"other": running, "told": words, "others": words}
    return found


def largest(sheet: Sheet) -> str:
    """Where the customer differs most, in one sentence; empty where nothing does."""
    found = sheet.comparable.largest if sheet.comparable else None
    if found is None:
        return ""
    return _("%(part)s: %(own)s of net revenue here, %(others)s with comparable customers.") % {
        "part": found.kind.label,
        "own": share(found.own, 1),
        "others": share(found.others, 1),
    }


def alike(sheet: Sheet) -> str:
    """Who is compared, in words."""
    if sheet.comparable is None:
        return ""
    words = {
        ("link", "trade"): _("same link of the chain, same trade, similar size"),
        ("link",): _("same link of the chain, similar size"),
        ("trade",): _("same trade, similar size"),
    }
    return words.get(sheet.comparable.alike, _("similar size"))


def bridge(sheet: Sheet) -> dict[str, Any] | None:
    if not sheet.bridge:
        return None
    plain = [{k: v for k, v in step.items() if k != "amount"} for step in steps(sheet)]
    labels = {"name": _("Level"), "amount": _("Amount"), "others": _("Comparable customers")}
    return charts.bridge(plain, labels)


def rhythm(sheet: Sheet, *, prices: bool = True) -> dict[str, Any] | None:
    """Purchases and P(active); nothing before the first purchase. Without prices all dots alike."""
    bought = [day for day in sheet.days if day.is_occasion]
    if not bought:
        return None
    currency = profile().currency
    purchases = [
        {
            "day": day.day.isoformat(),
            "size": float(day.net) if prices else 1.0,
            "shown": money(day.net, currency, decimals=0) if prices else HIDDEN,
            "href": _entries(sheet, day=day.day.isoformat()),
        }
        for day in bought
    ]
    active = [{"day": day.isoformat(), "share": share} for day, share in sheet.p_active]
    labels = {
        "day": _("Day"),
        "active": _("Probability of being still a customer"),
        "amount": _("Net revenue"),
    }
    return charts.rhythm(purchases, active, _due(sheet), labels)


def _says_nothing(sheet: Sheet, name: str, amount: float) -> bool:
    if name in ALWAYS:
        return False
    if name == "contribution_2":
        return not sheet.estimate or not sheet.estimate.year_winning
    return not amount


def _due(sheet: Sheet) -> dict[str, str] | None:
    """The day the next purchase is expected; who is lost is not expected any more."""
    estimate = sheet.estimate
    if estimate is None or estimate.next_expected_day is None or estimate.stage == Stage.LOST:
        return None
    day = formats.date_format(estimate.next_expected_day, "SHORT_DATE_FORMAT")
    return {
        "day": estimate.next_expected_day.isoformat(),
        "words": _("expected %(day)s") % {"day": day},
    }


def _year(sheet: Sheet) -> dict[str, str]:
    """The run's year: what the bridge adds up."""
    if sheet.run is None:
        return {}
    return {"from": (sheet.run.as_of - YEAR).isoformat(), "to": sheet.run.as_of.isoformat()}


def _entries(sheet: Sheet, **query: str) -> str:
    return f"{reverse('entries', args=[sheet.customer.key])}?{urlencode(query)}"
