"""Words, numbers and days in the reader's language, without Django: for the command line."""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from kundenstamm.kit.money import to_cents

LANGUAGES = ("de", "en")
LOCALE = Path(__file__).resolve().parent.parent / "locale"

_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def gettext_noop(text: str) -> str:
    """Mark a text for translation; `Words.say` looks it up where it is shown."""
    return text


def language_of(environment: Mapping[str, str] = os.environ) -> str:
    """``de`` or ``en``, from the variables that every system has for this."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if said := environment.get(name, ""):
            return "de" if said[:2].lower() == "de" else "en"
    return "en"


def translator(language: str, folder: Path = LOCALE) -> Callable[[str], str]:
    """Look up a text in the same catalog that the pages use; English where there is none."""
    return gettext.translation("django", folder, languages=[language], fallback=True).gettext


def words(language: str, folder: Path = LOCALE) -> Words:
    return Words(language, translator(language, folder))


@dataclass(frozen=True)
class Words:
    """One language: its texts, and how it writes numbers, money and days."""

    language: str
    translate: Callable[[str], str]

    def say(self, template: str, **values: Any) -> str:
        """The translated template with its values filled in (``str.format`` style)."""
        text = self.translate(template) if template else ""
        return text.format(**values) if values else text

    def count(self, number: int) -> str:
        return self._local(f"{number:,}")

    def money(self, amount: Decimal | float, currency: str = "", decimals: int = 2) -> str:
        """``1.234,56 €`` or ``€1,234.56``, with a true minus sign; bare without a currency."""
        exact = Decimal(amount) if decimals == 0 else to_cents(Decimal(amount))
        number = self._local(f"{abs(exact):,.{decimals}f}")
        sign = "−" if exact < 0 and number.strip("0.,") else ""
        mark = _SIGNS.get(currency, currency)
        if not mark:
            return f"{sign}{number}"
        if self.language == "de" or len(mark) > 1:
            return f"{sign}{number}\u00a0{mark}"
        return f"{sign}{mark}{number}"

    def share(self, share: float | Decimal, decimals: int = 0) -> str:
        """``12 %`` or ``12%``."""
        number = self._local(f"{100 * share:.{decimals}f}").replace("-", "−")
        return f"{number}\u00a0%" if self.language == "de" else f"{number}%"

    def day(self, day: date) -> str:
        """``24.11.2026`` or ``24 Nov 2026``."""
        if self.language == "de":
            return f"{day:%d.%m.%Y}"
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def _local(self, number: str) -> str:
        return number.translate(str.maketrans(",.", ".,")) if self.language == "de" else number
