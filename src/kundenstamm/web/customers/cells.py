"""The cells of the customer list: what each column shows of a customer.

Written here and not in the template, which would ask of each of some four hundred cells a page
which column it stands in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.translation import gettext as _
from lucide.templatetags.lucide import lucide

from kundenstamm.lifecycle.models import Estimate
from kundenstamm.lifecycle.queries import Row
from kundenstamm.lifecycle.rules import money
from kundenstamm.web.shell import figures


@dataclass(frozen=True)
class Cell:
    """``label`` stands beside the figure where the table becomes cards."""

    content: str
    css: str = ""
    label: str = ""


Texts = dict[str, Callable[[Row], str]]
Figures = dict[str, Callable[[Estimate, str], str]]


def cells(rows: Iterable[Row], columns: dict[str, str], currency: str) -> list[list[Cell]]:
    """One list of cells per row; ``columns``: name → label."""
    return [[_cell(row, name, columns[name], currency) for name in columns] for row in rows]


def _cell(row: Row, name: str, label: str, currency: str) -> Cell:
    if name in _TEXTS:
        return Cell(_TEXTS[name](row), _CSS.get(name, "quiet"))
    if row.estimate is None:
        return Cell("", "num", label)
    css = "num quiet" if name == "rank" else "num"
    loss = _SIGNED.get(name)
    if loss is not None and (getattr(row.estimate, loss) or 0) < 0:
        css = "num loss"
    return Cell(_FIGURES[name](row.estimate, currency), css, label)


def _name(row: Row) -> str:
    """Before the name what can be done with the row; the rest of it belongs to forms further up."""
    key, name = row.customer.key, row.customer.name
    address = reverse("customer", args=[key])
    return format_html(
        '<span class="handles"><input type="checkbox" form="together" name="customer" value="{}"'
        ' aria-label="{}">{}<button type="button" class="glance js" data-preview="{}preview/"'
        ' aria-label="{}" title="{}">{}</button></span><a href="{}">{}</a>',
        key, _("Select %(name)s") % {"name": name}, _star(row, address), address,
        _("Preview of %(name)s") % {"name": name}, _("Preview"), _icon("panel-right"),
        address, name,
    )  # fmt: skip


def _star(row: Row, address: str) -> str:
    """The same button as in ``customers/star.html``, which the list would render fifty times."""
    deed, pressed = ("unstar", "true") if row.starred else ("star", "false")
    return format_html(
        '<button class="star" id="star-{}" form="stars" formaction="{}{}/" hx-post="{}{}/"'
        ' hx-params="none" hx-swap="outerHTML" aria-pressed="{}" aria-label="{}">{}</button>',
        row.customer.key, address, deed, address, deed, pressed, _("Starred"), _icon("star"),
    )  # fmt: skip


@cache
def _icon(name: str) -> str:
    return lucide(name, size=15, aria_hidden="true")


def _stage(row: Row) -> str:
    estimate = row.estimate
    if estimate is None:
        return ""
    return format_html(
        '<span class="chip {}">{}</span>', estimate.stage, estimate.get_stage_display()
    )


def _profit(estimate: Estimate, currency: str) -> str:
    said = money(estimate.year_contribution_3, currency, decimals=0)
    if not estimate.estimated_margin:
        return said
    return format_html('<span class="quiet" title="{}">≈</span> {}', _("estimated margin"), said)


def _day(estimate: Estimate) -> str:
    day = estimate.last_day
    return str(formats.date_format(day, "SHORT_DATE_FORMAT")) if day else ""


def _alarm(row: Row) -> str:
    return str(row.estimate.get_alarm_display()) if row.estimate and row.estimate.alarm else ""


_TEXTS: Texts = {
    "name": _name,
    "number": lambda row: row.customer.number,
    "stage": _stage,
    "representative": lambda row: ", ".join(row.representatives),
    "place": lambda row: f"{row.customer.postcode} {row.customer.city}",
    "link": lambda row: str(row.customer.get_link_display()),
    "region": lambda row: row.customer.region,
    "alarm": _alarm,
}
_CSS = {"name": "", "stage": "", "alarm": "loss"}
_FIGURES: Figures = {
    "rank": lambda estimate, _currency: figures.number(estimate.rank),
    "last": lambda estimate, _currency: _day(estimate),
    "revenue": lambda estimate, currency: money(estimate.year_net_revenue, currency, decimals=0),
    "profit": _profit,
    "value": lambda estimate, currency: figures.approximate(
        estimate.expected_contribution, currency
    ),
    "lifetime": lambda estimate, currency: figures.approximate(estimate.lifetime_value, currency),
    "active": lambda estimate, _currency: figures.chance(estimate.p_active),
    "risk": lambda estimate, currency: figures.approximate(estimate.value_at_risk, currency),
}
# Columns that turn red below zero, and the figures behind them.
_SIGNED = {
    "profit": "year_contribution_3",
    "value": "expected_contribution",
    "lifetime": "lifetime_value",
}
