"""The base page's charts and tables about the shape of the base: plain rows for `kit.charts`."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kundenstamm.kit import charts
from kundenstamm.kit.quarters import Quarter
from kundenstamm.lifecycle.models import Alarm, Stage
from kundenstamm.lifecycle.queries import Chosen, Figures
from kundenstamm.lifecycle.rules import money
from kundenstamm.web.lifecycle.asked import (
    LEVELS,
    base_address,
    behind,
    customer_list,
    quarter_words,
)
from kundenstamm.web.shell.figures import number, rounded, share


def sizes(figures: Figures, currency: str) -> dict[str, Any]:
    """Size against profit: the chart, and whom it marks."""
    found = figures.totals["sizes"][figures.chosen.profit]
    level = LEVELS[figures.chosen.level]
    big = _big(figures, found["big"], currency)
    named = {each["customer"].pk for each in big}
    marks = _single(figures, found["single"], named, currency) or _cells(figures, found, currency)
    labels = {
        "x": _("Net revenue"),
        "y": _("Contribution %(level)s") % {"level": level},
        "name": _("Customer"),
        "size": _("Net revenue"),
        "profit": _("Contribution %(level)s") % {"level": level},
    }
    drawn = [{k: v for k, v in each.items() if k != "customer"} for each in big]
    return {"chart": charts.sizes(marks, drawn, labels), "big": big, "marks": marks}


def _big(figures: Figures, rows: list[dict[str, Any]], currency: str) -> list[dict[str, Any]]:
    """The largest that are not among the most profitable, with their place by size."""
    return [
        {
            "customer": who,
            "x": row["net_revenue"],
            "y": row["profit"],
            "name": who.name,
            "place": number(row["size"]),
            "size": money(row["net_revenue"], currency, decimals=0),
            "profit": money(row["profit"], currency, decimals=0),
            "loss": row["profit"] < 0,
            "profit_place": number(row["place"]),
            "href": reverse("customer", args=[who.key]),
        }
        for row in rows
        if (who := figures.named.get(row["customer"])) is not None
    ]


def _single(
    figures: Figures, rows: list[tuple[int, float, float]], big: set[int], currency: str
) -> list[dict[str, Any]]:
    return [
        {
            "x": net,
            "y": profit,
            "customers": 1,
            "name": who.name,
            "size": money(net, currency, decimals=0),
            "profit": money(profit, currency, decimals=0),
            "tone": _tone(profit),
            "href": reverse("customer", args=[who.key]),
        }
        for pk, net, profit in rows
        if pk not in big and (who := figures.named.get(pk)) is not None
    ]


def _cells(figures: Figures, found: dict[str, Any], currency: str) -> list[dict[str, Any]]:
    """Each leads to its customers, by the limits of its cell; the upper ones are not in it."""
    return [
        {
            "x": cell["x"],
            "y": cell["y"],
            "customers": cell["customers"],
            "name": ngettext("%(n)s customer", "%(n)s customers", cell["customers"])
            % {"n": number(cell["customers"])},
            "size": _span(cell["net"], currency),
            "profit": _span(cell["profit"], currency),
            "tone": _tone(cell["y"]),
            "href": behind(
                figures.chosen,
                net_from=int(cell["net"][0]),
                net_to=int(cell["net"][1]),
                profit_from=int(cell["profit"][0]),
                profit_to=int(cell["profit"][1]),
            ),
        }
        for cell in found["cells"]
    ]


def concentration(figures: Figures) -> list[dict[str, Any]]:
    """How much hangs on few, by net revenue and by profit, each row leading to the few."""
    found, ask = figures.totals["concentration"], figures.chosen
    sales, profit = found["net_revenue"], found[ask.profit]
    rows = []
    for of_all, name in ((0.1, "tenth"), (0.2, "fifth")):
        best = {"share": share(of_all), "count": number(profit[name])}
        words = _("The best %(share)s: %(count)s customers") % best
        href = behind(ask, first=1, last=profit[name])
        pair = [share(each[f"top_{name}"]) for each in (sales, profit)]
        rows.append({"words": words, "href": href, "sales": pair[0], "profit": pair[1]})
    half = behind(ask, first=1, last=profit["half"]) if profit["half"] else ""
    for words, name, href in (
        (_("So many bring half"), "half", half),
        (_("As concentrated as so many equal customers"), "as_many_as", ""),
    ):
        pair = [number(each[name]) for each in (sales, profit)]
        rows.append({"words": words, "href": href, "sales": pair[0], "profit": pair[1]})
    return rows


def care(figures: Figures, currency: str) -> dict[str, Any]:
    """What serving, winning and keeping takes per euro of contribution I, stage by stage."""
    found = figures.totals["care"]
    rows = [
        {
            "stage": stage.value,
            "name": stage.label,
            "href": behind(figures.chosen, stage=stage.value),
            "customers": number(found[stage.value]["customers"]),
            "brought": _amount(found[stage.value]["contribution_1"], ""),
            "served": _amount(-Decimal(found[stage.value]["cost_to_serve"]), ""),
            "won": _amount(-Decimal(found[stage.value]["winning"]), ""),
            "per_euro": _per_one(found[stage.value]["per_euro"], currency),
        }
        for stage in Stage
        if stage.value in found
    ]
    # Five columns beside the charts: the currency stands once, above them.
    unit = money(0, currency, decimals=0).strip("0\u00a0")
    return {"rows": rows, "sentence": _care_sentence(found, currency), "unit": unit}


def _care_sentence(found: dict[str, Any], currency: str) -> str:
    regular, new = (found.get(s, {}).get("per_euro") for s in (Stage.REGULAR, Stage.NEW))
    if regular is None or new is None:
        return ""
    return _(
        "Of each %(one)s of contribution I, serving, winning and keeping take %(regular)s with "
        "regulars and %(new)s with new customers."
    ) % {
        "one": money(1, currency, decimals=0),
        "regular": _per_one(regular, currency),
        "new": _per_one(new, currency),
    }


def by_quarter(figures: Figures) -> list[dict[str, Any]]:
    """Three small charts over the last quarters: profitable regulars, their share, loss-makers."""
    rows = figures.totals["quarters"]
    told: tuple[tuple[str, str, str, dict[str, str]], ...] = (
        ("regulars", _("Profitable regulars"), charts.GAIN, {"group": "regulars"}),
        ("share", _("Share of the contribution that regulars bring"), charts.ACCENT, {}),
        ("losing", _("Loss-makers"), charts.LOSS, {"group": "losing"}),
    )
    return [
        {
            "id": f"quarters-{name}",
            "title": title,
            "chart": _columns(rows, name, title, tone, figures, limits),
            "rows": [{"words": quarter_words(row["quarter"]), **_value(row, name)} for row in rows],
        }
        for name, title, tone, limits in told
    ]


def _columns(
    rows: list[dict[str, Any]],
    name: str,
    title: str,
    tone: str,
    figures: Figures,
    limits: dict[str, str],
) -> dict[str, Any]:
    bars = []
    for row in rows:
        ask = _quarter_of(figures, row["quarter"])
        value = _value(row, name)
        bars.append(
            {
                "name": f"Q{row['quarter'][-1]} {row['quarter'][:4]}",
                "words": quarter_words(row["quarter"]),
                **value,
                "top": max(value["amount"], 0),
                "tone": tone,
                "href": behind(ask, **limits) if limits else base_address(ask),
            }
        )
    return charts.columns(bars, {"name": _("Quarter"), "amount": title})


def _quarter_of(figures: Figures, quarter: str) -> Chosen:
    return replace(figures.chosen, period=quarter)


def _value(row: dict[str, Any], name: str) -> dict[str, Any]:
    if name == "share":
        whole = Decimal(row["contribution_3"])
        part = float(Decimal(row["from_regulars"]) / whole) if whole > 0 else 0.0
        return {"amount": round(part, 4), "shown": share(part) if whole > 0 else "–"}
    count = row["profitable_regulars" if name == "regulars" else "loss_makers"]
    return {"amount": count, "shown": number(count)}


def alarms(figures: Figures) -> list[dict[str, Any]]:
    """How many give each alarm, and where they are listed."""
    found = figures.totals.get("alarms", {})
    return [
        {
            "words": each.label,
            "count": number(count),
            "href": customer_list(figures.chosen, alarm=each.value, order="up"),
        }
        for each in Alarm
        if (count := found.get(each.value, 0))
    ]


def running(figures: Figures) -> bool:
    """Whether the newest quarter is not over, so that its bar will still grow."""
    return Quarter.of(figures.run.as_of).last > figures.run.as_of


def _tone(profit: float) -> str:
    return charts.LOSS if profit < 0 else charts.GAIN


def _span(ends: list[float], currency: str) -> str:
    low, high = (money(rounded(end), currency, decimals=0) for end in ends)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _amount(amount: Any, currency: str) -> str:
    return money(Decimal(amount), currency, decimals=0)


def _per_one(taken: float | None, currency: str) -> str:
    return "–" if taken is None else money(taken, currency)
