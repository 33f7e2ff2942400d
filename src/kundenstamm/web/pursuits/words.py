"""What was weighed, in words and figures that a page shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kundenstamm.lifecycle.rules import money
from kundenstamm.pursuits.frames import Weighed
from kundenstamm.pursuits.models import Verdict
from kundenstamm.pursuits.rules import month_after
from kundenstamm.web.shell.figures import approximate, number, rounded, share
from kundenstamm.worth.pursuit.capacity import Overflow
from kundenstamm.worth.pursuit.sensitivity import End, Swing
from kundenstamm.worth.sentences import worded

LIKE = {
    "link": gettext_lazy("Link of the chain"),
    "trade": gettext_lazy("Trade"),
    "region": gettext_lazy("Region"),
}
FIGURES = {
    "turnover": gettext_lazy("Turnover a year"),
    "goods": gettext_lazy("Margin before rebates"),
    "rebate": gettext_lazy("Rebate and bonus"),
    "minutes": gettext_lazy("Minutes of serving"),
    "staying": gettext_lazy("Still there after a year"),
    "chance": gettext_lazy("Chance of winning"),
    "winning": gettext_lazy("Cost of winning"),
}
MONEY = ("expected", "if_won", "winning", "most", "overtime")
SHARES = ("chance", "rebate", "asked", "share")
CHIPS = {"go": "regular", "later": "new", "smaller": "new", "no": "lost"}


def reasons(told: Sequence[Mapping[str, Any]], begins: date, currency: str) -> list[str]:
    """Stored reasons as sentences; months by name."""
    return [_reason(each, begins, currency) for each in told]


def _reason(told: Mapping[str, Any], begins: date, currency: str) -> str:
    shown = {name: _shown(name, value, begins, currency) for name, value in told["params"].items()}
    return _(worded(told["msgid"], shown)).format(**shown)


def _shown(name: str, value: Any, begins: date, currency: str) -> str:
    if name in MONEY:
        return approximate(value, currency)
    if name in SHARES:
        return share(value, 1 if name in ("rebate", "asked") else 0)
    if name == "month":
        return month_name(month_after(begins, int(value) - 1))
    return number(value) if isinstance(value, int | float) else str(value)


def month_name(month: date) -> str:
    return str(formats.date_format(month, "F Y"))


def headline(verdict: str, months_later: int, part: float, begins: date) -> str:
    """``Go later: from March 2027 on``."""
    label = str(Verdict(verdict).label)
    if verdict == Verdict.LATER:
        month = month_name(month_after(begins, months_later))
        return _("%(verdict)s: from %(month)s on") % {"verdict": label, "month": month}
    if verdict == Verdict.SMALLER:
        return _("%(verdict)s: %(share)s of it") % {"verdict": label, "share": share(part)}
    return label


@dataclass(frozen=True)
class Span:
    """Months in a row in which a pool has too few minutes."""

    pool: str
    first: str
    last: str
    minutes: str


def overflows(found: Iterable[Overflow], before: int, begins: date) -> list[Span]:
    """Of the months before one: later years repeat the first."""
    spans, early = [], [each for each in found if each.month < before]
    for pool, months in groupby(early, key=lambda each: each.pool):
        for run in _runs(list(months)):
            first, last = (
                month_name(month_after(begins, each.month)) for each in (run[0], run[-1])
            )
            worst = max(each.minutes for each in run)
            spans.append(Span(pool, first, last if last != first else "", number(worst)))
    return spans


def _runs(months: list[Overflow]) -> Iterator[list[Overflow]]:
    """Months that follow each other."""
    run: list[Overflow] = []
    for each in months:
        if run and each.month != run[-1].month + 1:
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def judged_by(found: Weighed, currency: str) -> str:
    """By how many comparable customers, and what they do to the promise."""
    told, like = found.drawn, found.alike
    promised = float(found.sheet.turnover) * found.optimism.factor
    if not told.customers:
        if like.others:
            words = ngettext(
                "No comparable customer of this size: %(n)s of its link and trade buys far more or "
                "far less. The promise stands alone, and the interval is wider.",
                "No comparable customer of this size: %(n)s of its link and trade buy far more or "
                "far less. The promise stands alone, and the interval is wider.",
                like.others,
            )
            return words % {"n": number(like.others)}
        return _(
            "No comparable customer of this size that you know. The promise stands alone, and the "
            "interval is wider."
        )
    shown = {
        "n": number(told.customers),
        "alike": ", ".join(str(LIKE[name]) for name in like.alike),
        "middle": approximate(told.middle, currency),
        "weight": share(told.weight),
        "turnover": approximate(told.turnover, currency),
        "promised": approximate(promised, currency),
    }
    words = ngettext(
        "%(n)s comparable customer of this size (alike: %(alike)s) buys %(middle)s a year. It "
        "counts for %(weight)s: reckoned with %(turnover)s instead of %(promised)s.",
        "%(n)s comparable customers of this size (alike: %(alike)s) buy %(middle)s a year in the "
        "middle. They count for %(weight)s: reckoned with %(turnover)s instead of %(promised)s.",
        told.customers,
    )
    return words % shown


def of_optimism(found: Weighed, known: int) -> str:
    """Learned from our own plans, or assumed; the page says which."""
    told = found.optimism
    if told.is_assumed:
        words = ngettext(
            "How much our plans promise too much is assumed, not learned: %(n)s pursuit was won "
            "and is a year old, three are needed.",
            "How much our plans promise too much is assumed, not learned: %(n)s pursuits were won "
            "and are a year old, three are needed.",
            known,
        )
        return words % {"n": number(known)}
    return _(
        "Learned from %(n)s of our own pursuits: what came was %(factor)s of what was promised. "
        "That is taken into account."
    ) % {"n": number(told.pursuits), "factor": share(told.factor)}


@dataclass(frozen=True)
class Bar:
    """A figure of the sensitivity picture; places in hundredths of the picture's width."""

    label: str
    less: str
    more: str
    at_less: str
    at_more: str
    turns: str
    left: float
    width: float
    loss_left: float
    loss_width: float


def bars(found: Weighed, swings: Sequence[Swing], currency: str) -> dict[str, Any]:
    """One-way sensitivity, the widest first, and where the expectation stands now."""
    now = found.judged.best.expected
    ends = [end.expected for each in swings for end in (each.at_low, each.at_high)] + [now, 0.0]
    low, high = min(ends), max(ends)
    scale = 100 / (high - low) if high > low else 0.0
    moving = [each for each in swings if each.width >= 1]

    def place(value: float) -> float:
        return round((value - low) * scale, 2)

    return {
        "rows": [_bar(each, now, place, currency) for each in moving],
        "now": place(now),
        "nil": place(0.0),
        "expected": approximate(now, currency),
    }


def _bar(swing: Swing, now: float, place: Any, currency: str) -> Bar:
    # Each end's words stand below its side of the bar, also where less of a figure brings more.
    ends = sorted((swing.at_low, swing.at_high), key=lambda end: end.expected)
    worst, best = min(ends[0].expected, now), max(ends[1].expected, now)
    turns = swing.turns_at
    return Bar(
        str(FIGURES[swing.figure]),
        _value(swing.figure, ends[0], currency),
        _value(swing.figure, ends[1], currency),
        approximate(ends[0].expected, currency),
        approximate(ends[1].expected, currency),
        "" if turns is None else _figure(swing.figure, turns, currency),
        place(now),
        round(place(best) - place(now), 2),
        place(worst),
        round(place(now) - place(worst), 2),
    )


def _value(figure: str, end: End, currency: str) -> str:
    return _figure(figure, end.value, currency)


def _figure(figure: str, value: float, currency: str) -> str:
    if figure in ("turnover", "winning"):
        return approximate(value, currency)
    if figure == "goods":
        return share(1 - value, 1)
    return share(value, 1 if figure == "rebate" else 0)


def amount(value: float | Decimal, currency: str) -> str:
    return money(Decimal(rounded(value)), currency, decimals=0)
