"""Cells to values: text, dates, exact decimals. Columns at a time, never row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

Decimal4 = pl.Decimal(18, 4)
Order = Literal["dmy", "mdy", "ymd"]
SAMPLE_ROWS = 20_000

# What may stand around a number: currency signs and names, spaces of all widths, apostrophes.
_AROUND = r"[\s\u00a0\u202f'’€$£¥%]|EUR|USD|GBP|CHF|Fr\."
_NUMBER = r"^[+-]?(\d+([.,]\d+)*|[.,]\d+)([eE][+-]?\d+)?[+-]?$|^\([\d.,]+\)$"

_DATE_PATTERNS: dict[str, tuple[str, ...]] = {
    "ymd": ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"),
    "dmy": ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%d/%m/%y", "%d-%m-%y"),
    "mdy": ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y"),
}
_ORDERS: tuple[Order, ...] = ("dmy", "mdy", "ymd")
_MONTHS = (
    "jan|jän", "feb", "mär|mae|mar|mrz", "apr", "mai|may", "jun", "jul", "aug", "sep", "okt|oct",
    "nov", "dez|dec",
)  # fmt: skip
# 1899-12-30 is day 0 of a spreadsheet's calendar.
_SPREADSHEET_DAYS = (20_000, 80_000)


@dataclass(frozen=True)
class DateOrder:
    """How a column writes its dates; ``ambiguous`` where the other order would fit as well."""

    order: Order
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
        if cells.dtype != pl.String:
            return text
    stripped = pl.col("text").str.strip_chars(" \t\r\n\u00a0\ufeff")
    filled = pl.when(stripped.str.len_bytes() > 0).then(stripped)
    return pl.DataFrame({"text": text}).select(filled.alias(cells.name)).to_series()


def without_point_zero(numbers: pl.Series) -> pl.Series:
    """Numbers of customers or articles that another program took for amounts: ``13085.0``."""
    if len(numbers) == numbers.null_count() or not numbers.head(1000).str.ends_with(".0").any():
        return numbers
    spoilt = numbers.str.contains(r"^\d+\.0$")
    return numbers.str.strip_suffix(".0") if spoilt.all(ignore_nulls=True) else numbers


def as_decimal(cells: pl.Series, decimal: str | None = None) -> pl.Series:
    """Exact decimals with four places; null where a cell is no number.

    ``decimal`` is the sign before the decimals; None: as the column itself suggests.
    """
    if cells.dtype.is_numeric():
        return cells.cast(Decimal4, strict=False)
    text = _bare(cells)
    mark = decimal or decimal_mark(cells) or "."
    values = _with_mark(text, mark)
    # A cell that can only be read the other way (1.234,56 among 12.5) is still one number.
    left = text.is_not_null() & values.is_null()
    if left.any():
        values = values.zip_with(~left, _with_mark(text.set(~left, None), _other(mark)))
    return values.alias(cells.name)


def _with_mark(text: pl.Series, mark: str) -> pl.Series:
    """Numbers with this decimal mark; the other mark may only part groups of three."""
    other = _other(mark)
    groups = rf"^[+(-]?[1-9]\d{{0,2}}(\{other}\d{{3}})+(\{mark}\d*)?[)+-]?$"
    misplaced = text.str.contains(other, literal=True) & ~text.str.contains(groups)
    plain = text.set(misplaced, None).str.replace_all(other, "", literal=True)
    plain = plain.str.replace(mark, ".", literal=True)
    negative = plain.str.contains(r"^\(|-$")
    digits = plain.str.strip_chars("()").str.strip_suffix("-").str.strip_suffix("+")
    values = digits.cast(Decimal4, strict=False)
    return values.zip_with(~negative.fill_null(False), -values).cast(Decimal4)


def _other(mark: str) -> str:
    return "," if mark == "." else "."


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
    return int(text.str.contains(_NUMBER).sum()) / len(text) if len(text) else 0.0


def as_date(cells: pl.Series, order: str | None = None) -> pl.Series:
    """Days; null where a cell is no date. A time of day is cut off."""
    if cells.dtype == pl.Date:
        return cells
    if isinstance(cells.dtype, pl.Datetime):
        return cells.dt.date()
    if cells.dtype.is_numeric():
        return _from_spreadsheet_days(cells)
    # A million lines have some hundred days: each is read once.
    distinct = cells.cast(pl.String).unique().drop_nulls()
    text = _day_part(distinct)
    parsed = pl.Series([None], dtype=pl.Date).new_from_index(0, len(text))
    for pattern in _patterns(order or _order(text).order):
        parsed = parsed.zip_with(parsed.is_not_null(), _strictly(text, pattern))
    numbers = _from_spreadsheet_days(text.cast(pl.Float64, strict=False))
    known = pl.DataFrame({"cell": distinct, "day": parsed.zip_with(parsed.is_not_null(), numbers)})
    rows = pl.DataFrame({"cell": cells.cast(pl.String)})
    return rows.join(known, on="cell", how="left", maintain_order="left")["day"].alias(cells.name)


def date_order(cells: pl.Series) -> DateOrder | None:
    """How the column writes its dates, from all of its cells; None where it holds none."""
    if cells.dtype == pl.Date or isinstance(cells.dtype, pl.Datetime):
        return DateOrder("ymd", 1.0)
    if cells.dtype != pl.String:
        return None
    text = _day_part(cells.unique()).drop_nulls()
    found = _order(text) if len(text) else None
    return found if found and found.share > 0 else None


def _order(text: pl.Series) -> DateOrder:
    """The order that reads most of the days; a day beyond the twelfth tells the two apart."""
    filled = max(len(text.drop_nulls()), 1)
    shares = {name: _share(text, _patterns(name)) / filled for name in _ORDERS}
    best = max(_ORDERS, key=lambda name: shares[name])
    by_slashes = _share(text, tuple(p for p in _DATE_PATTERNS["mdy"] if "." not in p)) > 0
    ambiguous = shares["dmy"] == shares["mdy"] > shares["ymd"] and by_slashes
    if shares["ymd"] == shares[best]:
        best = "ymd"
    return DateOrder(best, shares[best], ambiguous)


def _patterns(order: str) -> tuple[str, ...]:
    """Days that begin with a year of four digits read the same in any order."""
    return tuple(dict.fromkeys((*_DATE_PATTERNS["ymd"], *_DATE_PATTERNS[order])))


def _share(text: pl.Series, patterns: tuple[str, ...]) -> int:
    read = pl.Series([False]).new_from_index(0, len(text))
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
    """The day without its time; months written as words become numbers."""
    text = as_text(cells).str.replace(r"[T ]\d{1,2}:\d{2}.*$", "").str.strip_chars()
    if not text.str.contains(r"[A-Za-zä]{3}").any():
        return text
    plain = text.str.to_lowercase()
    for number, names in enumerate(_MONTHS, start=1):
        # 5. Januar 2024, 05-Jan-2024
        plain = plain.str.replace(
            rf"^(\d{{1,2}})[.\s-]*({names})[a-zä]*[.\s-]*(\d{{4}})$", f"${{3}}-{number:02}-${{1}}"
        )
        # January 5, 2024
        plain = plain.str.replace(
            rf"^({names})[a-zä]*[.\s]*(\d{{1,2}})[,.\s]+(\d{{4}})$", f"${{3}}-{number:02}-${{2}}"
        )
    return plain


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
