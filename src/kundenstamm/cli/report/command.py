"""``kundenstamm report FILE``: the command itself, its options and its errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from kundenstamm.kit.words import LANGUAGES, gettext_noop, language_of, words

if TYPE_CHECKING:
    from kundenstamm.cli.report.figures import NothingToReport, Report
    from kundenstamm.kit.words import Words

NO_MARGIN = gettext_noop("--margin {margin}: write a share between 0 and 1, for example 0.35.")
NO_LANGUAGE = gettext_noop("--lang {language}: there are de and en.")
NOT_SALES = gettext_noop(
    "{file}: this looks like a file of {kind}; the report needs sales: customer, date and amount "
    "of every line. If it has them, name the columns with --map, for example --map customer=…"
)
NOT_WRITTEN = gettext_noop("{file} cannot be written: {reason}. Choose another place.")


def report(
    file: Annotated[Path, typer.Argument(help="Sales lines: CSV, XLSX or Parquet.")],
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Last day that counts. Default: the newest line's."
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", help="field=column, where the guess is wrong. May be repeated."),
    ] = None,
    margin: Annotated[
        str, typer.Option(help="Share left after the goods, where the file has no costs: 0.35")
    ] = "",
    to_json: Annotated[
        str, typer.Option("--json", metavar="-|FILE", help="Write the figures as JSON.")
    ] = "",
    to_html: Annotated[
        Path | None, typer.Option("--html", help="Write one page that needs nothing else.")
    ] = None,
    lang: Annotated[str, typer.Option(help="de or en; else as the system says.")] = "",
    currency: Annotated[str, typer.Option(help="Currency of the amounts, for example EUR.")] = "",
    top: Annotated[int, typer.Option(min=1, max=1000, help="How many customers to list.")] = 10,
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook; else the first with data.")] = "",
    encoding: Annotated[str, typer.Option(help="Encoding of a CSV, where the guess fails.")] = "",
    separator: Annotated[str, typer.Option(help="Separator of a CSV.")] = "",
    decimal: Annotated[str, typer.Option(help="Sign before the decimals: , or .")] = "",
    date_order: Annotated[str, typer.Option(help="dmy, mdy or ymd.")] = "",
    header_row: Annotated[int, typer.Option(min=0, help="Row with the column names.")] = 0,
) -> None:
    """Who earns and who costs, from one file of sales. Nothing is stored."""
    say = words(_language(lang))
    request = _Request(
        file,
        as_of,
        _margin(margin, say),
        currency.upper(),
        columns or [],
        {
            "sheet": sheet,
            "encoding": encoding,
            "separator": separator,
            "decimal": decimal,
            "date_order": date_order,
            "header_row": header_row,
        },
    )
    _write(_computed(request, say), say, to_json, to_html, top)


@dataclass(frozen=True)
class _Request:
    file: Path
    as_of: datetime | None
    margin: Decimal | None
    currency: str
    columns: list[str]
    dialect: dict[str, Any]


def _computed(request: _Request, say: Words) -> Report:
    # Here and not above: what is heavy loads only when there is something to read.
    from kundenstamm.cli.report.figures import NothingToReport
    from kundenstamm.importers.files import FileRefused
    from kundenstamm.importers.mapping import MappingError

    try:
        return _read_and_compute(request, say)
    except FileRefused as refused:
        told = f"{say.say(refused.template, **refused.values)} "
        told += say.say(refused.mend, **refused.values)
        _fail(f"{refused.path}: {told}")
    except MappingError as error:
        _fail(f"{request.file}: {say.say(error.template, **error.values)}")
    except NothingToReport as nothing:
        _fail("\n".join([say.say(nothing.template, **nothing.values), *_refusals(nothing, say)]))


@contextmanager
def _models_loading() -> Iterator[None]:
    """Load what the models need beside the check: Polars leaves the interpreter free.

    All modules that both sides import are there before, and nobody goes on before the end: two
    threads that import each other's modules would see them half made.
    """
    names = ("scipy.optimize", "scipy.special", "ibis.backends.duckdb.converter")
    thread = Thread(target=lambda: [import_module(name) for name in names])
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _read_and_compute(request: _Request, say: Words) -> Report:
    from kundenstamm.cli.report.figures import report as figures
    from kundenstamm.importers import sales
    from kundenstamm.importers.files import read
    from kundenstamm.importers.mapping import guess, guess_kind, parse_choices

    raw = read(request.file, request.dialect)
    mapping = guess(raw, "sales", parse_choices(request.columns))
    kind = guess_kind(raw)
    if mapping.missing() and kind != "sales" and len(guess(raw, kind).columns) >= 3:
        _fail(say.say(NOT_SALES, file=request.file, kind=say.say(_KINDS[kind])))
    currency = request.currency or sales.stated_currency(raw, mapping)
    today = datetime.now().astimezone().date()
    latest = max(today, request.as_of.date()) if request.as_of else today
    mapping.checked(raw)
    with _models_loading():
        checked = sales.check(raw, mapping, sales.Rules(latest, currency))
    return figures(
        checked,
        mapping,
        as_of=request.as_of.date() if request.as_of else None,
        margin=request.margin,
        currency=currency,
    )


def _write(found: Report, say: Words, to_json: str, to_html: Path | None, top: int) -> None:
    if to_json:
        from kundenstamm.cli.report.as_json import as_json

        text = as_json(found, say, top)
        if to_json == "-":
            typer.echo(text.encode())  # JSON is UTF-8, whatever the terminal speaks
        else:
            _save(Path(to_json), f"{text}\n", say)
    if to_html:
        from kundenstamm.cli.report.page import page

        _save(to_html, page(found, say, top), say)
    if to_json != "-":
        from kundenstamm.cli.report.terminal import show

        if isinstance(sys.stdout, TextIOWrapper):
            # Better a question mark than no report where the terminal knows few letters.
            sys.stdout.reconfigure(errors="replace")
        show(found, say, top)


def _save(path: Path, text: str, say: Words) -> None:
    """Whole or not at all: a page that is half written looks like one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        _fail(say.say(NOT_WRITTEN, file=path, reason=error.strerror or error))


def _refusals(nothing: NothingToReport, say: Words) -> list[str]:
    from kundenstamm.importers.refusals import REFUSALS

    return [
        f"{say.count(count)} × {say.say(REFUSALS[code].why)} {say.say(REFUSALS[code].mend)}"
        for code, (count, _) in nothing.checked.reasons().items()
    ]


def _language(said: str) -> str:
    if said and said not in LANGUAGES:
        _fail(NO_LANGUAGE.format(language=said), status=2)
    return said or language_of()


def _margin(said: str, say: Words) -> Decimal | None:
    """``0.35``, ``0,35`` or ``35 %``."""
    if not said:
        return None
    text = said.replace(",", ".").replace(" ", "")
    try:
        share = Decimal(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except InvalidOperation:
        share = Decimal(-1)
    if not 0 <= share <= 1:
        _fail(say.say(NO_MARGIN, margin=said), status=2)
    return share


_KINDS = {
    "customers": gettext_noop("customers"),
    "products": gettext_noop("products"),
    "activities": gettext_noop("activities"),
}


def _fail(message: str, status: int = 1) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(status)
