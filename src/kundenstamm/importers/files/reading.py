"""From a file to a frame with the columns as they are, and the row numbers a person sees."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from kundenstamm.importers.files import dialect as dialects
from kundenstamm.importers.files.dialect import Dialect
from kundenstamm.importers.files.refused import FileRefused
from kundenstamm.kit.words import gettext_noop

# Our own column beside the file's: the row as a spreadsheet counts it. Nobody's header is so.
ROW = "__row__"
# What stood beyond the last column of the header, for rows that are too long.
EXTRA = "__extra__"


MISSING = gettext_noop("there is no such file.")
A_FOLDER = gettext_noop("this is a folder.")
NAME_A_FILE = gettext_noop("Check the path, or name one file.")
EMPTY = gettext_noop("the file is empty.")
EXPORT_AGAIN = gettext_noop("Export it again, with a header row and at least one line.")
UNREADABLE = gettext_noop("the file cannot be read as {format} ({reason}).")
SAVE_AGAIN = gettext_noop("Open it in a spreadsheet and save it as CSV or XLSX.")
NO_LINES = gettext_noop("there is a header, but no line below it.")
NO_SHEET = gettext_noop("there is no sheet {sheet!r}; the sheets are {sheets}.")
CHOOSE_SHEET = gettext_noop("Name one of them.")


@dataclass(frozen=True)
class Raw:
    """A file's table. ``frame`` has `ROW` first, then the file's columns (text from CSV)."""

    path: Path
    dialect: Dialect
    frame: pl.DataFrame

    @property
    def columns(self) -> list[str]:
        return [name for name in self.frame.columns if name not in (ROW, EXTRA)]


def read(path: Path | str, choices: Mapping[str, Any] | None = None) -> Raw:
    """Read a CSV, XLSX or Parquet file.

    Parameters
    ----------
    path
        The file.
    choices
        Parts of the dialect that the person chose instead of the guess.

    Raises
    ------
    FileRefused
        Nothing can be read; the message says why and what to do.
    """
    path = Path(path)
    head = _head(path)
    found = dialects.guess(head).overridden(choices or {})
    try:
        frame, found = _READERS[found.format](path, found)
    except FileRefused:
        raise
    except (pl.exceptions.PolarsError, ValueError, OSError, UnicodeError, csv.Error) as error:
        raise _unreadable(path, found, error) from None
    except Exception as error:  # calamine has exceptions of its own, none of them public
        if not type(error).__module__.startswith(("fastexcel", "pyo3_runtime", "_fastexcel")):
            raise
        raise _unreadable(path, found, error) from None
    if frame.height == 0:
        raise FileRefused(path, NO_LINES, EXPORT_AGAIN)
    return Raw(path, found, frame)


def _unreadable(path: Path, found: Dialect, error: BaseException) -> FileRefused:
    reason = " ".join(str(error).split())[:160]
    return FileRefused(path, UNREADABLE, SAVE_AGAIN, format=found.format.upper(), reason=reason)


def _head(path: Path) -> bytes:
    if path.is_dir():
        raise FileRefused(path, A_FOLDER, NAME_A_FILE)
    try:
        with path.open("rb") as file:
            head = file.read(dialects.SAMPLE_BYTES)
    except OSError as error:
        template = MISSING if isinstance(error, FileNotFoundError) else UNREADABLE
        raise FileRefused(
            path, template, NAME_A_FILE, format="file", reason=error.strerror
        ) from None
    if not head.strip():
        raise FileRefused(path, EMPTY, EXPORT_AGAIN)
    return head


def _read_csv(path: Path, found: Dialect) -> tuple[pl.DataFrame, Dialect]:
    text = _utf8(path, found)
    frame = _parsed(text, found)
    if b'"' in text and _swallowed(frame, found.separator):
        # A quotation mark that is never closed: as plain text it costs one cell, not the rest.
        frame = _ragged(text, found, csv.QUOTE_NONE)
    return _named(frame, found.header_row), found


def _parsed(text: bytes, found: Dialect) -> pl.DataFrame:
    try:
        return pl.read_csv(
            text,
            separator=found.separator,
            has_header=False,
            skip_lines=found.header_row - 1,
            infer_schema=False,
        )
    except pl.exceptions.ComputeError:
        # Rows longer than the first: read by hand, so that what is too much is kept and refused.
        return _ragged(text, found, csv.QUOTE_MINIMAL)


def _swallowed(frame: pl.DataFrame, separator: str) -> bool:
    """Whether a cell holds line breaks and as many separators as a whole row."""
    rows_inside = rf"(?s)\n([^\n]*\{separator}){{{max(frame.width - 2, 1)}}}"
    return bool(
        frame.select(
            pl.any_horizontal(pl.all().cast(pl.String).str.contains(rows_inside).any())
        ).item()
    )


def _utf8(path: Path, found: Dialect) -> bytes:
    raw = path.read_bytes()
    if b"\0" in raw and not found.encoding.startswith("utf-16"):
        raise ValueError("it holds bytes that no text has")
    encoding = found.encoding
    if encoding in ("utf-8", "utf-8-sig"):
        try:
            raw.decode("utf-8")
            return _line_ends(raw.removeprefix(b"\xef\xbb\xbf"))
        except UnicodeDecodeError:
            # Valid at the start only: two files glued together, or one stray byte far below.
            encoding = "cp1252"
    try:
        text = raw.decode(encoding, errors="replace")
    except LookupError:
        raise ValueError(f"there is no encoding {encoding}") from None
    return _line_ends(text.removeprefix("\ufeff").encode())


def _line_ends(text: bytes) -> bytes:
    """Old exports end their lines with a carriage return alone."""
    return text if b"\n" in text else text.replace(b"\r", b"\n")


def _ragged(text: bytes, found: Dialect, quoting: Literal[0, 3]) -> pl.DataFrame:
    # Quoted cells may be long; the module's own limit is for streams of unknown length.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    lines = io.StringIO(text.decode("utf-8", errors="replace"), newline="")
    for _ in range(found.header_row - 1):
        lines.readline()
    rows = list(csv.reader(lines, delimiter=found.separator, quoting=quoting))
    width = len(rows[0]) if rows else 0
    columns: dict[str, list[str | None]] = {f"column_{n}": [] for n in range(width)}
    extra: list[str | None] = []
    for row in rows:
        for n, column in enumerate(columns.values()):
            column.append(row[n] if n < len(row) and row[n] != "" else None)
        extra.append(found.separator.join(row[width:]) or None)
    return pl.DataFrame(columns | {EXTRA: extra}, schema_overrides={EXTRA: pl.String})


def _read_xlsx(path: Path, found: Dialect) -> tuple[pl.DataFrame, Dialect]:
    import fastexcel

    book = fastexcel.read_excel(path)
    if found.sheet and found.sheet not in book.sheet_names:
        names = ", ".join(book.sheet_names)
        raise FileRefused(path, NO_SHEET, CHOOSE_SHEET, sheet=found.sheet, sheets=names)
    for name in [found.sheet] if found.sheet else book.sheet_names:
        text = book.load_sheet(
            name, header_row=None, dtypes="string", skip_whitespace_tail_rows=True
        )
        rows = text.to_polars()
        if rows.height < 2:
            continue
        head = [["" if v is None else str(v) for v in row] for row in rows.head(40).rows()]
        header = dialects.guess_header_row(head) if found.header_row == 1 else found.header_row
        chosen = Dialect("xlsx", sheet=name, header_row=header).overridden(
            {"decimal": found.decimal, "date_order": found.date_order}
        )
        return _named(rows.slice(header - 1), header), chosen
    raise FileRefused(path, EMPTY, EXPORT_AGAIN)


def _read_parquet(path: Path, found: Dialect) -> tuple[pl.DataFrame, Dialect]:
    frame = pl.read_parquet(path)
    flat = [name for name, kind in frame.schema.items() if not kind.is_nested()]
    return frame.select(flat).with_row_index(ROW, offset=1), found


_READERS = {"csv": _read_csv, "xlsx": _read_xlsx, "parquet": _read_parquet}


def _named(frame: pl.DataFrame, header_row: int) -> pl.DataFrame:
    """The first row as names; empty and repeated names get a number; blank rows go."""
    own = [name for name in frame.columns if name != EXTRA]
    header = frame.select(own).row(0)
    names: dict[str, str] = {}
    for position, (column, title) in enumerate(zip(own, header, strict=True), start=1):
        name = " ".join(str(title or "").split()) or f"Spalte {position}"
        while name in names.values():
            name = f"{name} ({position})"
        names[column] = name
    body = frame.slice(1).rename(names).with_row_index(ROW, offset=header_row + 1)
    nameless = [name for (column, name) in names.items() if not header[own.index(column)]]
    body = body.drop(name for name in nameless if body[name].null_count() == body.height)
    names = {column: name for column, name in names.items() if name in body.columns}
    filled = pl.any_horizontal(pl.col(list(names.values())).str.strip_chars().str.len_bytes() > 0)
    return body.filter(filled.fill_null(False))
