"""``kundenstamm``: the commands. Their modules import what is heavy only when called."""

from __future__ import annotations

import sys
from importlib import import_module

import typer

# command → module and function
COMMANDS = {
    "report": ("kundenstamm.cli.report.command", "report"),
    "serve": ("kundenstamm.cli.serve", "serve"),
    "demo": ("kundenstamm.cli.demo", "demo"),
    "import": ("kundenstamm.cli.imports", "import_file"),
    "undo": ("kundenstamm.cli.imports", "undo"),
    "value": ("kundenstamm.cli.value", "value"),
}


def run() -> None:
    """Entry point of the console script."""
    named = sys.argv[1] if len(sys.argv) > 1 else ""
    app(only=named if named in COMMANDS else None)()


def app(only: str | None = None) -> typer.Typer:
    """All commands, or the one that is about to run: ``report`` must not wait for the others."""
    made = typer.Typer(
        name="kundenstamm",
        help="What every customer really earns, who is slipping away, and who may know it.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_show_locals=False,
    )
    made.callback()(_several_commands)
    for name in [only] if only else COMMANDS:
        module, function = COMMANDS[name]
        made.command(name)(getattr(import_module(module), function))
    return made


def _several_commands() -> None:
    """What every customer really earns, who is slipping away, and who may know it."""
