"""What follows from an estimate, as plain values; above all its reason in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats, translation
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from kundenstamm.kit.money import to_cents
from kundenstamm.worth.sentences import worded

REFUSED = gettext_noop("There is not enough history in this base to expect anything.")


# The bridge from sales to profit: name, words, whether it is a subtotal of all above it.
BRIDGE = (
    ("gross_sales", _("Gross sales"), True),
    ("returns", _("Returns"), False),
    ("reductions", _("Price reductions"), False),
    ("net_revenue", _("Net revenue"), True),
    ("goods", _("Goods and services"), False),
    ("contribution_1", _("Contribution I"), True),
    ("cost_to_serve", _("Cost to serve"), False),
    ("contribution_2", _("Contribution II"), True),
    ("winning", _("Winning and keeping"), False),
    ("contribution_3", _("Contribution III"), True),
)


@dataclass(frozen=True)
class Step:
    """One bar of the bridge."""

    name: str
    label: str | Promise
    amount: Decimal
    is_subtotal: bool


Reason = Mapping[str, Any]


def sentence(reason: Reason | Sequence[Reason], language: str, currency: str = "EUR") -> str:
    """A stored reason (``msgid`` and ``params``), or several, as sentences in ``language``.

    Numbers, chances, days and money are written as that language writes them. A reason without
    words is an empty sentence.
    """
    if not isinstance(reason, Mapping):
        return " ".join(sentence(each, language, currency) for each in reason)
    if not reason.get("msgid"):
        return ""
    with translation.override(language):
        shown = {name: _shown(name, value, currency) for name, value in reason["params"].items()}
        return gettext(worded(reason["msgid"], shown)).format(**shown)


def _shown(name: str, value: Any, currency: str) -> str:
    if value is None:
        return "–"
    if name in _FORMATS:
        return _FORMATS[name](value, currency)
    return str(formats.number_format(value)) if isinstance(value, int | float) else str(value)


def percent(share: float) -> str:
    """``54 %`` in German, ``54%`` in English. Certainty is not claimed where it is rounded."""
    whole = min(max(round(share * 100), 1), 99) if 0 < share < 1 else round(share * 100)
    return f"{whole}\u00a0%" if translation.get_language() == "de" else f"{whole}%"


def money(amount: Decimal | float, currency: str, *, decimals: int = 2) -> str:
    """``1.234,50 €`` in German, ``€1,234.50`` in English; other currencies by their code."""
    # Rounded here: Django's formatting would cut off.
    exact = round(to_cents(Decimal(str(amount))), decimals)
    text = formats.number_format(abs(exact), decimal_pos=decimals, use_l10n=True)
    sign = "−" if exact < 0 else ""
    unit = {"EUR": "€", "GBP": "£", "USD": "$"}.get(currency, currency)
    if translation.get_language() == "de":
        return f"{sign}{text}\u00a0{unit}"
    return f"{sign}{unit}{text}" if len(unit) == 1 else f"{sign}{unit}\u00a0{text}"


def _few(value: float, _currency: str) -> str:
    """A number of purchases: a decimal where there are few, none where there are many."""
    places = 1 if value < 10 else 0
    return str(formats.number_format(round(Decimal(str(value)), places), decimal_pos=places))


def _about(amount: float, currency: str) -> str:
    """An estimate of money: without cents, unless there is little else."""
    return money(amount, currency, decimals=0 if abs(amount) >= 10 else 2)


def _day(iso: str, _currency: str) -> str:
    return str(formats.date_format(date.fromisoformat(iso), "DATE_FORMAT"))


def _fine(share: float) -> str:
    """``0,4 %``: a share that matters below one per cent."""
    text = formats.number_format(abs(round(share * 100, 1)), decimal_pos=1)
    return f"{text}\u00a0%" if translation.get_language() == "de" else f"{text}%"


def _change(share: float, _currency: str) -> str:
    return f"{'−' if share < 0 else '+'}{_fine(share)}"


def _models(named: str, _currency: str) -> str:
    """``mbgnbd 60%, paretonbd 40%`` with the models' own names."""
    parts = [part.rpartition(" ") for part in named.split(", ")]
    return ", ".join(
        f"{MODELS.get(name, name)} {percent(float(share.rstrip('%')) / 100)}"
        for name, _space, share in parts
    )


def _short_day(day: str, _currency: str) -> str:
    return str(formats.date_format(date.fromisoformat(day), "SHORT_DATE_FORMAT"))


def _month(day: str, _currency: str) -> str:
    return str(formats.date_format(date.fromisoformat(day), "F Y"))


# Estimators as those who made them call them.
MODELS = {
    "bgnbd": "BG/NBD",
    "mbgnbd": "MBG/NBD",
    "bgcnbdk": "BG/CNBD-k",
    "mbgcnbdk": "MBG/CNBD-k",
    "paretonbd": "Pareto/NBD",
    "nbd": "NBD",
}
_FORMATS: Mapping[str, Callable[[Any, str], str]] = {
    "p_active": lambda share, _: percent(share),
    "purchases": _few,
    "models": _models,
    "share": lambda share, _: percent(share),
    "saved": lambda share, _: _fine(share),
    "change": _change,
    "history_from": _day,
    "history_to": _day,
    "ready_on": _day,
    "learnt_to": _day,
    "before": _few,
    "lately": _few,
    "worth": _about,
    "other_share": lambda share, _: percent(share),
    "left": _about,
    "loss": _about,
    "taken": _about,
    "brought": _about,
    "care_before": _about,
    "care_now": _about,
    "brought_before": _about,
    "brought_now": _about,
    "last": _short_day,
    "since": _month,
}
