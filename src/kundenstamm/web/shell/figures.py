"""Figures as people read them: money, shares, days, each in the page's language."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from math import floor, log10
from typing import Any

from babel import Locale
from babel.numbers import format_percent
from django import template
from django.utils import formats, translation

from kundenstamm.company.queries import profile
from kundenstamm.lifecycle import rules

register = template.Library()
MINUS, NBSP = "−", "\u00a0"


@register.simple_tag(takes_context=True)
def money(context: template.Context, amount: Any, decimals: int = 0) -> str:
    """``1.284.310 €``; a dash where there is no amount."""
    if amount is None:
        return "–"
    return rules.money(amount, _currency(context), decimals=decimals)


@register.simple_tag(takes_context=True)
def about(context: template.Context, amount: Any) -> str:
    """An estimate, see `approximate`."""
    return approximate(amount, _currency(context))


def approximate(amount: Any, currency: str) -> str:
    """Three significant digits at most, more would feign precision."""
    return "–" if amount is None else rules.money(rounded(amount), currency, decimals=0)


@register.simple_tag(takes_context=True)
def interval(context: template.Context, low: Any, high: Any) -> str:
    """``80 %: 4.100–14.600 €``; nothing where nothing is expected either way."""
    if low is None or high is None:
        return ""
    ends = [rounded(low), rounded(high)]
    if not any(ends):
        return ""
    currency = _currency(context)
    if min(ends) < 0:
        # Beside a minus sign the dash needs air, and each end its own currency sign.
        span = " – ".join(rules.money(end, currency, decimals=0) for end in ends)
    else:
        span = _with_sign("–".join(number(end) for end in ends), currency)
    return f"{rules.percent(0.8)}: {span}"


@register.filter
def share(value: Any, decimals: int = 0) -> str:
    """``13,2 %``; 0.132 is 13.2 %."""
    if value is None:
        return "–"
    exact = round(Decimal(str(value)) * 100, decimals)
    language = translation.get_language() or "en"
    text = format_percent(abs(exact) / 100, _percent_pattern(language, decimals), language)
    return f"{MINUS}{text}" if exact < 0 else text


@cache
def _percent_pattern(language: str, decimals: int) -> str:
    """Whether a space stands before the sign is the language's own: babel knows."""
    pattern = str(Locale.parse(language, sep="-").percent_formats[None].pattern)
    return pattern.replace("0", f"0.{'0' * decimals}", 1) if decimals else pattern


@register.simple_tag
def duration(minutes: int) -> str:
    """``3 h 10 min``; below an hour without one."""
    hours, rest = divmod(int(minutes), 60)
    parts = [f"{hours}{NBSP}h"] * bool(hours) + [f"{rest}{NBSP}min"] * bool(rest or not hours)
    return " ".join(parts)


@register.filter
def chance(probability: Any) -> str:
    """``54 %``; certainty is not claimed: ``> 99 %``, ``< 1 %``."""
    if probability is None:
        return "–"
    if float(probability) < 0.01:
        return f"<{NBSP}{share(0.01)}"
    return f">{NBSP}{share(0.99)}" if float(probability) > 0.99 else share(probability)


@register.filter
def signed_share(value: Any) -> str:
    """``+4,1 %``."""
    if value is None:
        return "–"
    shown = share(value, 1)
    return shown if float(value) < 0 else f"+{shown}"


@register.filter
def points(difference: Any) -> str:
    """``+4,1`` percentage points between two shares."""
    if difference is None:
        return "–"
    shown = number(Decimal(str(difference)) * 100, 1)
    return shown if float(difference) < 0 else f"+{shown}"


@register.filter
def number(value: Any, decimals: int = 0) -> str:
    """``1.284``; rounded here, for Django's own formatting cuts off."""
    if value is None:
        return "–"
    exact = round(Decimal(str(value)), decimals)
    text = str(formats.number_format(abs(exact), decimal_pos=decimals))
    return f"{MINUS}{text}" if exact < 0 else text


@register.filter
def exact(value: Any) -> str:
    """``1,25``: all decimals that say something."""
    if value is None:
        return "–"
    places = -int(Decimal(str(value)).normalize().as_tuple().exponent)
    return number(value, max(places, 0))


@register.simple_tag(takes_context=True)
def rate(context: template.Context, amount: Any) -> str:
    """What a minute costs, ``0,7174 €``: it is multiplied, so it needs more than cents."""
    return "–" if amount is None else _with_sign(number(amount, 4), _currency(context))


@register.simple_tag(takes_context=True)
def sentence(context: template.Context, reason: dict[str, Any] | None) -> str:
    """A stored reason in the page's language."""
    language = translation.get_language() or "de"
    return rules.sentence(reason or {}, language, _currency(context))


def rounded(amount: Any) -> Decimal:
    """Three significant digits, whole units."""
    value = float(amount)
    if abs(value) < 1:
        return Decimal(0)
    digits = max(floor(log10(abs(value))) - 2, 0)
    return Decimal(round(value / 10**digits) * 10**digits)


def _currency(context: template.Context) -> str:
    """Asked once a page: each part that it includes has a context of its own, all one request."""
    page: Any = context.get("request") or context
    if not hasattr(page, "currency"):
        page.currency = profile().currency
    return str(page.currency)


def _with_sign(figures: str, currency: str) -> str:
    sign = {"EUR": "€", "GBP": "£", "USD": "$"}.get(currency, currency)
    if translation.get_language() == "de":
        return f"{figures}{NBSP}{sign}"
    return f"{sign}{figures}" if len(sign) == 1 else f"{sign}{NBSP}{figures}"
