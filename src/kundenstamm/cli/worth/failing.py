"""How a command ends that cannot go on."""

from __future__ import annotations

from typing import NoReturn

import typer


def fail(message: str) -> NoReturn:
    """Say why on the error stream, and end with 1."""
    typer.echo(message, err=True)
    raise typer.Exit(1)
