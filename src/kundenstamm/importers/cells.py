"""Cells to values: text, dates, exact decimals. Columns at a time, never row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

Decimal4 = pl.Decimal(18, 4)
SAMPLE_ROWS = 20_000

# What may stand around a number: currency signs and names, spaces of all widths, apostrophes.
_AROUND = r"[\s\u00a0\u202f'’€$£¥%]|EUR|USD|GBP|CHF|Fr\."
_NUMBER = r"^[+-]?(\d+([.,]\d+)*|[.,]\d+)([eE][+-]?\d+)?[+-]?$|^\([\d.,]+\)$"

_DATE_PATTERNS: dict[str, tuple[str, ...]] = {
    "ymd": ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"),
    "dmy": ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%d/%m/%y", "%d-%m-%y"),
    "mdy": ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y"),
}
# 1899-12-30 is day 0 of a spreadsheet's calendar.
_SPREADSHEET_DAYS = (20_000, 80_000)


@dataclass(frozen=True)
class DateOrder:
    """How a column writes its dates; ``ambiguous`` where the other order would fit as well."""

    order: Literal["dmy", "mdy", "ymd"]
    share: float
    ambiguous: bool = False


def as_text(cells: pl.Series) -> pl.Series:
    """Text without surrounding blanks; numbers as people write them (no ``.0``); empty is null."""
    if cells.dtype.is_float():
        whole = (cells == cells.round(0)).fill_null(False)
        text = pl.select(
            pl.when(whole)
            .then(cells.cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(cells.cast(pl.String))
        ).to_series()
    else:
        text = cells.cast(pl.String)
    text = text.str.strip_chars(" \t\r\n\u00a0\ufeff")
    return text.set(text.str.len_bytes() == 0, None).alias(cells.name)


def as_decimal(cells: pl.Series, decimal: str | None = None) -> pl.Series:
    """Exact decimals with four places; null where a cell is no number.

    ``decimal`` is the sign before the decimals; None: as the column itself suggests.
    """
    if cells.dtype.is_numeric():
        return cells.cast(Decimal4, strict=False)
    text = _bare(cells)
    mark = decimal or decimal_mark(cells) or "."
    other = "," if mark == "." else "."
    plain = text.str.replace_all(other, "", literal=True).str.replace(mark, ".", literal=True)
    negative = plain.str.contains(r"^\(|-$")
    digits = plain.str.strip_chars("()").str.strip_suffix("-").str.strip_suffix("+")
    values = digits.cast(Decimal4, strict=False)
    turned = pl.select(pl.when(negative).then(-values).otherwise(values)).to_series()
    # A thousands mark that does not part groups of three is no thousands mark: 1.5 is not 15.
    misplaced = text.str.contains(rf"\{other}") & ~text.str.contains(
        rf"^[+(-]?\d{{1,3}}(\{other}\d{{3}})+(\{mark}\d*)?[)+-]?$"
    )
    return turned.cast(Decimal4, strict=False).set(misplaced, None).alias(cells.name)


def decimal_mark(cells: pl.Series) -> str | None:
    """The sign before the decimals, from all cells together; None without evidence."""
    if cells.dtype != pl.String:
        return None
    text = _bare(cells.head(SAMPLE_ROWS)).drop_nulls()
    text = text.filter(text.str.contains(_NUMBER))
    votes = {
        mark: int(
            (
                text.str.contains(rf"\{other}\d{{3}}\{mark}\d+\D?$")
                | text.str.contains(rf"\{mark}(\d{{1,2}}|\d{{4,}})\D?$")
                | text.str.contains(rf"(\{other}\d{{3}}){{2,}}$")
                | text.str.contains(rf"^\D?0\{mark}\d+")
            ).sum()
        )
        for mark, other in ((",", "."), (".", ","))
    }
    if votes[","] == votes["."]:
        return None
    return "," if votes[","] > votes["."] else "."


def looks_like_numbers(cells: pl.Series) -> float:
    """Share of filled cells that read as a number."""
    if cells.dtype.is_numeric():
        return 1.0
    if cells.dtype != pl.String:
        return 0.0
    text = _bare(cells.head(SAMPLE_ROWS)).drop_nulls()
    return float(text.str.contains(_NUMBER).mean() or 0.0) if len(text) else 0.0


def as_date(cells: pl.Series, order: str | None = None) -> pl.Series:
    """Days; null where a cell is no date. A time of day is cut off."""
    if cells.dtype == pl.Date:
        return cells
    if isinstance(cells.dtype, pl.Datetime):
        return cells.dt.date()
    if cells.dtype.is_numeric():
        return _from_spreadsheet_days(cells)
    text = _day_part(cells)
    chosen = order or _order(text).order
    parsed = pl.Series(cells.name, [None] * len(text), dtype=pl.Date)
    # Years written with four digits come first in any order: nothing else reads so.
    for pattern in dict.fromkeys((*_DATE_PATTERNS["ymd"], *_DATE_PATTERNS[chosen])):
        rest = parsed.is_null() & text.is_not_null()
        if not rest.any():
            break
        parsed = parsed.zip_with(~rest, _strictly(text, pattern))
    numbers = _from_spreadsheet_days(text.cast(pl.Float64, strict=False))
    return parsed.zip_with(parsed.is_not_null(), numbers).alias(cells.name)


def date_order(cells: pl.Series) -> DateOrder | None:
    """How the column writes its dates; None where it holds none."""
    if cells.dtype == pl.Date or isinstance(cells.dtype, pl.Datetime):
        return DateOrder("ymd", 1.0)
    if cells.dtype != pl.String:
        return None
    text = _day_part(cells.head(SAMPLE_ROWS)).drop_nulls()
    found = _order(text) if len(text) else None
    return found if found and found.share > 0 else None


def _order(text: pl.Series) -> DateOrder:
    filled = max(len(text.drop_nulls()), 1)
    shares = {name: _share(text, patterns) / filled for name, patterns in _DATE_PATTERNS.items()}
    best = max(("dmy", "ymd", "mdy"), key=lambda name: shares[name])
    rivals = {shares["dmy"], shares["mdy"]}
    dots = bool(text.str.contains(".", literal=True).any())
    ambiguous = best != "ymd" and len(rivals) == 1 and not dots
    return DateOrder(best, shares[best], ambiguous)  # type: ignore[arg-type]


def _share(text: pl.Series, patterns: tuple[str, ...]) -> int:
    read = (
        pl.Series([False]).new_from_index(0, len(text))
        if len(text)
        else pl.Series([], dtype=pl.Boolean)
    )
    for pattern in patterns:
        read = read | _strictly(text, pattern).is_not_null()
    return int(read.sum())


def _strictly(text: pl.Series, pattern: str) -> pl.Series:
    """Parse, but ``%Y`` takes four digits: ``1.2.24`` is not the year 24."""
    shape = {
        "%Y%m%d": r"^\d{8}$",
    }.get(pattern)
    if shape is None:
        year = r"\d{4}" if "%Y" in pattern else r"\d{2}"
        mark = "." if "." in pattern else "/" if "/" in pattern else "-"
        parts = [year if part.lower() == "%y" else r"\d{1,2}" for part in pattern.split(mark)]
        shape = "^" + rf"\{mark}".join(parts) + "$"
    fits = text.str.contains(shape).fill_null(False)
    return text.set(~fits, None).str.to_date(pattern, strict=False)


def _day_part(cells: pl.Series) -> pl.Series:
    return as_text(cells).str.replace(r"[T ]\d{1,2}:\d{2}.*$", "").str.strip_chars()


def _from_spreadsheet_days(numbers: pl.Series) -> pl.Series:
    low, high = _SPREADSHEET_DAYS
    days = numbers.cast(pl.Float64, strict=False)
    plausible = days.is_between(low, high).fill_null(False)
    whole = days.set(~plausible, None).floor().cast(pl.Int32, strict=False)
    # 25,569 days lie between the two calendars' first days.
    return (whole - 25_569).cast(pl.Date)


def _bare(cells: pl.Series) -> pl.Series:
    text = as_text(cells).str.replace_all(_AROUND, "").str.replace_all("−", "-", literal=True)
    return text.set(text.str.len_bytes() == 0, None)
