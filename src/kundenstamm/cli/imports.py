"""``kundenstamm import`` and ``kundenstamm undo``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from kundenstamm.cli.site import cli_actor, site

if TYPE_CHECKING:
    from kundenstamm.importers.actions import Loaded

KINDS = (
    "sales",
    "customers",
    "products",
    "activities",
    "payments",
    "interactions",
    "sell_through",
    "spending",
    "touches",
)


def import_file(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or Parquet.")],
    kind: Annotated[
        str,
        typer.Option(
            "--as",
            help="sales, customers, products, activities, payments, interactions, "
            "sell_through, spending or touches; "
            "guessed if not said.",
        ),
    ] = "",
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", help="field=column, where the guess is wrong. May be repeated."),
    ] = None,
    source: Annotated[
        str, typer.Option(help="Where documents come from: their numbers are unique per source.")
    ] = "",
    accept_refused: Annotated[
        bool, typer.Option("--accept-refused", help="Exit status 0 although rows were refused.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Load a file into the site. Loading it twice changes nothing; `undo` takes it back."""
    if kind not in ("", *KINDS):
        _fail(f"--as {kind}: there is no such kind. Use {', '.join(KINDS[:-1])} or {KINDS[-1]}.")
    with site():
        loaded = _load(file, kind, columns or [], source)
        _tell(loaded, as_json)
    if loaded.refused_file and not accept_refused:
        raise typer.Exit(1)


def undo(
    batch: Annotated[str, typer.Argument(help="The batch's number, as `import` printed it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Take back everything one import brought."""
    with site():
        from django.utils import timezone

        from kundenstamm.importers import actions
        from kundenstamm.ledger.actions import UndoRefused
        from kundenstamm.ledger.models import Batch

        found = Batch.objects.filter(pk=int(batch)).first() if batch.isdecimal() else None
        if found is None:
            _fail(f"There is no batch {batch}. Its number stands in what `import --json` printed.")
        try:
            made = actions.undo(found, actor=cli_actor(), at=timezone.now())
        except UndoRefused as refused:
            _fail(str(refused))
        told = {"batch": made.pk, "undone": found.pk}
        typer.echo(json.dumps(told) if as_json else f"Batch {found.pk} has been taken back.")


def _load(file: Path, kind: str, columns: list[str], source: str) -> Loaded:
    from django.utils import timezone

    from kundenstamm.importers import actions
    from kundenstamm.importers.examining import Wish
    from kundenstamm.importers.files import FileRefused
    from kundenstamm.importers.mapping import MappingError, parse_choices

    try:
        wish = Wish(file, kind, parse_choices(columns))
        return actions.load(
            wish, source or actions.DEFAULT_SOURCE, actor=cli_actor(), at=timezone.now()
        )
    except (FileRefused, MappingError) as refused:
        _fail(str(refused))


def _tell(loaded: Loaded, as_json: bool) -> None:
    told: dict[str, Any] = {"batch": loaded.batch.pk} | loaded.batch.result
    if as_json:
        typer.echo(json.dumps(told))
    else:
        typer.echo(
            f"Batch {loaded.batch.pk}: {told['new']} new, {told['changed']} changed, "
            f"{told['unchanged']} unchanged, {told['refused']} refused; "
            f"{told['customers_new']} new customers."
        )
    _tell_refused(loaded)


def _tell_refused(loaded: Loaded) -> None:
    """Each reason with its first row and the mend, to standard error."""
    from kundenstamm.importers.refusals import REFUSALS

    checked = loaded.examined.checked
    for code, (count, _amount) in checked.reasons().items():
        first = checked.refused.filter(checked.refused["reason"] == code).row(0, named=True)
        refusal = REFUSALS[code]
        typer.echo(
            f"{loaded.batch.file_name}, row {first['row']}, column {first['column']!r}, "
            f"value {first['value']!r}: {refusal.why} {refusal.mend} ({count} rows)",
            err=True,
        )
    if loaded.refused_file:
        typer.echo(
            f"Refused rows are kept in {loaded.refused_file}: mend them there and import that "
            "file. With --accept-refused the exit status is 0.",
            err=True,
        )


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
