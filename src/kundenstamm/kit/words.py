"""Words, numbers and days in the reader's language, without Django: for the command line."""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

LANGUAGES = ("de", "en")
_CATALOGS = Path(__file__).resolve().parent.parent / "locale"


def spoken(wanted: str = "") -> str:
    """``wanted``, else what the environment says, else English."""
    for said in (wanted, os.environ.get("LC_ALL", ""), os.environ.get("LANG", "")):
        if said[:2].lower() in LANGUAGES:
            return said[:2].lower()
    return "en"


def translator(language: str) -> Callable[[str], str]:
    """Look up a text in the same catalog that the pages use."""
    return gettext.translation("django", _CATALOGS, [language], fallback=True).gettext


def number(value: float | Decimal, language: str, decimals: int = 0) -> str:
    """``1.234,5`` or ``1,234.5``, with a true minus sign."""
    text = f"{value:,.{decimals}f}"
    if text.strip("-0.,") == "":
        text = text.lstrip("-")
    if language == "de":
        text = text.translate(str.maketrans(",.", ".,"))
    return text.replace("-", "−")


def money(value: float | Decimal, currency: str, language: str, decimals: int = 0) -> str:
    """``1.234 €`` or ``€1,234``."""
    sign = {"EUR": "€", "GBP": "£", "USD": "$"}.get(currency, currency)
    text = number(value, language, decimals)
    if language == "de" or len(sign) > 1:
        return f"{text}\u00a0{sign}"
    return f"−{sign}{text[1:]}" if text.startswith("−") else f"{sign}{text}"


def percent(share: float, language: str, decimals: int = 0) -> str:
    """``12 %`` or ``12%``."""
    text = number(share * 100, language, decimals)
    return f"{text}\u00a0%" if language == "de" else f"{text}%"


def day(value: date, language: str) -> str:
    """``24.11.2026`` or ``24 Nov 2026``."""
    return f"{value:%d.%m.%Y}" if language == "de" else f"{value.day} {value:%b %Y}"
