"""Months in addresses, and as people read them."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils import formats, timezone

from kundenstamm.kit.months import Month


def this_month() -> Month:
    return Month.of(timezone.localdate())


def asked_month(text: str) -> Month:
    """The month that an address asks for; what is none means this one."""
    return _parsed(text) or this_month()


def named_month(text: str) -> Month:
    """The month that an address is about; 404 where it is none."""
    found = _parsed(text)
    if found is None:
        raise Http404
    return found


def shown(month: Month) -> str:
    """``Mai 2026``."""
    return str(formats.date_format(month.first, "YEAR_MONTH_FORMAT"))


def around(month: Month) -> dict[str, Any]:
    """A month with its neighbours, for the links beside it."""
    return {
        "month": month, "month_shown": shown(month), "before": month.before, "after": month.after,
    }  # fmt: skip


def _parsed(text: str) -> Month | None:
    try:
        found = Month.parse(text)
    except ValueError:
        return None
    # Beyond these a calendar's neighbours do not exist.
    return found if 1900 < found.first.year < 9000 else None
