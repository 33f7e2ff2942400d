"""``kundenstamm audit``: is the record of who did what whole?"""

from __future__ import annotations

import typer

from kundenstamm.cli.site import site

audit = typer.Typer(help="Check the audit.", no_args_is_help=True)


@audit.callback()
def _several_commands() -> None:
    """Check the audit."""


@audit.command()
def verify() -> None:
    """Compute the chain anew; exit status 1 and the first break if anything was changed."""
    with site():
        from kundenstamm.guard.audit import chain

        found = chain.verify()
        if found.broken is not None:
            entry = f", entry {found.broken.entry}" if found.broken.entry else ""
            typer.echo(
                f"Broken at link {found.broken.number}{entry}: {found.broken.why}.", err=True
            )
            typer.echo(f"Whole up to link {found.broken.number - 1}.", err=True)
            raise typer.Exit(1)
        typer.echo(
            f"Whole: {found.links} entries, held against {found.tips} tips kept outside; "
            f"{found.unsealed} not sealed yet."
        )
