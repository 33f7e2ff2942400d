"""What channels cost and brought, in words and rows."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kundenstamm.acquisition.figures import After, Result
from kundenstamm.customers.models import Kind, Link
from kundenstamm.kit import charts
from kundenstamm.web.shell.figures import approximate, number, rounded, share
from kundenstamm.worth.acquisition.attribution import END, Attribution
from kundenstamm.worth.acquisition.likeness import Why
from kundenstamm.worth.acquisition.spending import CUSTOMERS, MONTHS, Missing

WAYS = {
    Attribution.FIRST: gettext_lazy("first touch"),
    Attribution.LAST: gettext_lazy("last touch"),
    Attribution.POSITION: gettext_lazy("shared by position"),
}
CREDITED = {
    Attribution.FIRST: gettext_lazy("A customer is credited to the first channel that touched it."),
    Attribution.LAST: gettext_lazy(
        "A customer is credited to the last channel that touched it before its first purchase."
    ),
    Attribution.POSITION: gettext_lazy(
        "A customer is shared: %(end)s to the first channel that touched it, %(end)s to the last, "
        "%(rest)s to those between."
    ),
}
TRAITS = {
    "trade": gettext_lazy("Trade"), "region": gettext_lazy("Region"),
    "link": gettext_lazy("Link of the chain"), "kind": gettext_lazy("Kind"),
    "channel": gettext_lazy("Channel"),
}  # fmt: skip
# Each line has a colour and a dash of its own: who sees no colours tells them apart, too.
TONES = (charts.ACCENT, charts.WARN, charts.LOSS, charts.INK, charts.QUIET, charts.GAIN)
SHOWN_MONTHS = 24
# Of fewer customers a line would tell of single ones.
LINE_OF = 3


def credited(way: Attribution) -> str:
    """Who won a customer, in a sentence."""
    return str(CREDITED[way]) % {"end": share(float(END)), "rest": share(float(1 - 2 * END))}


def name(of: Result) -> str:
    return str(of.of) if of.of is not None else _("Not known")


def rows(results: Sequence[Result]) -> list[dict[str, Any]]:
    """What the table shows of each channel."""
    return [
        {
            "of": each,
            "name": name(each),
            "won": number(each.won, 0 if each.won == round(each.won) else 1),
            "open": each.winning is not None and not isfinite(each.winning.interval.high),
            "after": [_with_ends(after) for after in each.after],
            "cost_ends": _ends(each.winning.interval.low, each.winning.interval.high)
            if each.winning
            else "",
            "later": each.later[0],
            "later_ends": _ends(each.later[1].low, each.later[1].high),
            "dear": _dear(each),
        }
        for each in results
    ]


def _with_ends(after: After) -> dict[str, Any]:
    return {"of": after, "ends": _ends(after.interval.low, after.interval.high)}


def _ends(low: float, high: float) -> str:
    """``−435 to 227``, without currency: it stands above it."""
    if not (isfinite(low) and isfinite(high)):
        return ""
    return _("%(low)s to %(high)s") % {"low": number(rounded(low)), "high": number(rounded(high))}


def _dear(of: Result) -> bool:
    """A whole year has not brought what winning cost."""
    profit = of.after[1].profit
    return of.winning is not None and profit is not None and profit < 0


def told(results: Sequence[Result], currency: str) -> list[str]:
    """The one that brings most customers, beside the one whose customers bring most."""
    known = [each for each in results if each.of and each.after[1].profit is not None]
    if len(known) < 2:
        return []
    most = max(known, key=lambda each: each.won)
    best = max(known, key=lambda each: each.after[1].profit or 0)
    said = {
        "most": name(most), "won": number(most.won), "best": name(best),
        "little": approximate(most.after[1].profit, currency),
        "much": approximate(best.after[1].profit, currency),
    }  # fmt: skip
    if most is best:
        return [_("“%(most)s” wins the most customers (%(won)s), and each brings the most: "
                  "%(much)s in its first year.") % said]  # fmt: skip
    return [_("“%(most)s” wins the most customers (%(won)s), but each leaves %(little)s after "
              "its first year; one from “%(best)s” leaves %(much)s.") % said]  # fmt: skip


def more(results: Sequence[Result], currency: str) -> list[dict[str, str]]:
    """What the next customer of each channel would cost, or what is missing to tell."""
    said = []
    for each in results:
        if each.of is None or each.counted_from is None:
            continue
        found = each.more
        words = (
            _missing(found.missing)
            if found.missing is not None
            else _("The next customer a month would cost about %(amount)s.")
            % {"amount": approximate(found.next_customer, currency)}
        )
        said.append({"name": name(each), "words": words})
    return said


def _missing(what: Missing) -> str:
    return {
        Missing.MONTHS: ngettext(
            "Spending of at least %(n)s whole month is needed to tell.",
            "Spending of at least %(n)s whole months is needed to tell.", MONTHS,
        ) % {"n": MONTHS},
        Missing.VARIATION: _("Each month cost about the same: nobody can tell what more would do."),
        Missing.CUSTOMERS: _("Fewer than %(n)s customers came: too few to tell.")
        % {"n": CUSTOMERS},
        Missing.EFFECT: _("Dearer months did not surely bring more customers than cheap ones."),
    }[what]  # fmt: skip


# Names at the ends of lines keep this share of the chart's height from each other.
APART = 0.075


def _label_places(ends: dict[str, float], height: float) -> dict[str, float]:
    """Where each line's name stands: at its end, moved up where another stands already."""
    places: dict[str, float] = {}
    last = float("-inf")
    for channel, end in sorted(ends.items(), key=lambda pair: pair[1]):
        last = places[channel] = max(end, last + APART * height)
    return places


def lines(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Profit per customer at the end of each month, from minus what winning cost on."""
    found: list[dict[str, Any]] = []
    drawn = [each for each in results if each.of and each.customers >= LINE_OF]
    for place, each in enumerate(drawn):
        cost = (each.winning.cost if each.winning else None) or 0.0
        known = sum(n >= LINE_OF for n in each.cohort.known[:SHOWN_MONTHS])
        sums = [0.0, *each.cohort.mean[:known]]
        tone = TONES[place % len(TONES)]
        told = {"channel": name(each), "tone": tone, "dash": place, "last": known}
        found += [
            told | {"month": month, "amount": round(value - cost, 2)}
            for month, value in enumerate(sums)
        ]
    amounts = [each["amount"] for each in found] or [0.0]
    ends = {each["channel"]: each["amount"] for each in found if each["month"] == each["last"]}
    places = _label_places(ends, max(amounts) - min(amounts))
    return [each | {"at": places[each["channel"]]} for each in found]


def axes() -> dict[str, str]:
    return {"x": _("Months since the first purchase"), "y": _("Profit per customer"),
            "channel": _("Channel")}  # fmt: skip


def trait(why: Why, channels: dict[str, str]) -> dict[str, Any]:
    """``Trade: Sanitär`` and by how much it moves what is expected."""
    value = why.value
    if why.trait == "channel":
        value = channels.get(value, value)
    elif why.trait == "link" and value in Link.values:
        value = str(Link(value).label)
    elif why.trait == "kind" and value in Kind.values:
        value = str(Kind(value).label)
    return {"trait": TRAITS[why.trait], "value": value, "effect": why.effect,
            "customers": why.customers}  # fmt: skip
