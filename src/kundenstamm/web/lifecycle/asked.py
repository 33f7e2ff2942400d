"""What the base page's address asks for, and addresses that keep it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kundenstamm.customers.models import Link
from kundenstamm.customers.queries import channels, representatives
from kundenstamm.guard.models import User
from kundenstamm.lifecycle.queries import Chosen
from kundenstamm.lifecycle.queries.chosen import LAST_YEAR, THIS_YEAR, TWELVE_MONTHS, quarters

LEVELS = {1: "I", 2: "II", 3: "III"}


def chosen(query: QueryDict) -> Chosen:
    """Read an address; what is not understood does not narrow."""
    level = query.get("level", "")
    return Chosen(
        period=query.get("period", "")[:10] or TWELVE_MONTHS,
        level=int(level) if level in ("1", "2", "3") else 3,
        links=tuple(v for v in query.getlist("link") if v in Link.values),
        channels=_texts(query, "channel"),
        representatives=_texts(query, "representative"),
    )


def base_address(ask: Chosen, **changes: Any) -> str:
    """The base page with something changed."""
    kept = [(name, value) for name, value in ask.as_query() if name not in changes]
    added = [(name, value) for name, value in changes.items() if value is not None]
    return _address("base", [*kept, *added])


def behind(ask: Chosen, **limits: Any) -> str:
    """The customers behind a mark: those chosen, within these limits."""
    return _address("base-customers", [*ask.as_query(), *limits.items()])


def customer_list(ask: Chosen, **query: Any) -> str:
    """The customers' list, narrowed to the same customers."""
    return _address("customers", [*query.items(), *ask.of_customers()])


def choices(actor: User, ask: Chosen, as_of: date) -> list[dict[str, Any]]:
    """The filters' form: one select each, with what is chosen."""
    everybody = _("Served by anybody")
    found = [
        _select("period", _("Period"), periods(as_of), [ask.period]),
        _select("link", _("Link"), [("", _("All links of the chain")), *Link.choices], ask.links),
    ]
    if known := channels(actor):
        every = [("", _("All channels")), *((each, each) for each in known)]
        found.append(_select("channel", _("Channel"), every, ask.channels))
    if serving := representatives():
        options = [("", everybody), *serving]
        found.append(_select("representative", _("Served by"), options, ask.representatives))
    return found


def periods(as_of: date) -> list[tuple[str, str]]:
    """Names and words of the periods to choose from."""
    named = [
        (TWELVE_MONTHS, _("Twelve months")),
        (THIS_YEAR, _("This year (%(year)s)") % {"year": as_of.year}),
        (LAST_YEAR, _("Last year (%(year)s)") % {"year": as_of.year - 1}),
    ]
    return named + [(str(each), quarter_words(str(each))) for each in quarters(as_of)]


def quarter_words(name: str) -> str:
    """``2. Quartal 2025`` from ``2025-Q2``."""
    year, number = name.split("-Q")
    return _("Quarter %(number)s of %(year)s") % {"number": number, "year": year}


def _select(
    name: str, label: str, options: Iterable[tuple[str, Any]], on: Iterable[str]
) -> dict[str, Any]:
    taken = set(on)
    rows = [{"value": value, "label": words, "on": value in taken} for value, words in options]
    return {"name": name, "label": label, "options": rows}


def _address(route: str, pairs: list[tuple[str, Any]]) -> str:
    return f"{reverse(route)}?{urlencode(pairs)}" if pairs else reverse(route)


def _texts(query: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(value[:100] for value in query.getlist(name) if value and "\0" not in value)
