"""``kundenstamm database prepare`` and ``kundenstamm doctor``: the second wall and its gaps."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from kundenstamm.cli.site import site
from kundenstamm.kit.database import VARIABLE, DatabaseRefused, is_embedded, prepare_external


def prepare(
    what: Annotated[str, typer.Argument(help="prepare: make roles, log-ins and policies.")],
    administrator: Annotated[
        str,
        typer.Option("--as", help="URL of the same database for a role that may make roles."),
    ] = "",
) -> None:
    """Prepare the database: roles, log-ins and row-level policies. May be repeated."""
    if what != "prepare":
        typer.echo(f"{what}: there is only `kundenstamm database prepare`.", err=True)
        raise typer.Exit(1)
    if not is_embedded():
        try:
            prepare_external(administrator or os.environ[VARIABLE])
        except DatabaseRefused as refused:
            typer.echo(str(refused), err=True)
            raise typer.Exit(1) from None
    with site():
        from kundenstamm.guard.wall import raise_wall

        raise_wall()
        typer.echo("Roles, log-ins and policies are in place.")


def doctor() -> None:
    """Check that nobody gets around the wall; exit status 1 if somebody could."""
    with site():
        from kundenstamm.guard.inspection import gaps
        from kundenstamm.kit.database import login_of

        found = gaps(login_of("site"))
        for gap in found:
            typer.echo(f"{gap.what}\n    {gap.mend}", err=True)
        if found:
            raise typer.Exit(1)
        typer.echo("The wall stands: the site sees what its actor may see, and owns nothing.")
