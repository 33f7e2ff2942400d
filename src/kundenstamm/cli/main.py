"""``kundenstamm``: the commands. Their modules import what is heavy only when called."""

from __future__ import annotations

import sys
from importlib import import_module

import typer

# command → module and function
COMMANDS = {
    "report": ("kundenstamm.cli.report.command", "report"),
    "worth": ("kundenstamm.cli.worth.command", "worth"),
    "serve": ("kundenstamm.cli.serve", "serve"),
    "demo": ("kundenstamm.cli.demo", "demo"),
    "import": ("kundenstamm.cli.imports", "import_file"),
    "undo": ("kundenstamm.cli.imports", "undo"),
    "user": ("kundenstamm.cli.user", "user"),
    "pool": ("kundenstamm.cli.serving", "pool"),
    "activity": ("kundenstamm.cli.serving", "activity"),
    "allocate": ("kundenstamm.cli.serving", "allocate"),
    "terms": ("kundenstamm.cli.terms", "terms"),
    "pursuits": ("kundenstamm.cli.pursuits", "pursuits"),
    "people": ("kundenstamm.cli.people", "people"),
    "departures": ("kundenstamm.cli.departures", "departures"),
    "joining": ("kundenstamm.cli.joining", "joining"),
    "acquisition": ("kundenstamm.cli.acquisition", "acquisition"),
    "chain": ("kundenstamm.cli.chain", "chain"),
    "customers": ("kundenstamm.cli.customers", "customers"),
    "playbooks": ("kundenstamm.cli.playbooks", "playbooks"),
    "proposals": ("kundenstamm.cli.proposals", "proposals"),
    "value": ("kundenstamm.cli.value", "value"),
    "audit": ("kundenstamm.cli.audit", "audit"),
    "keys": ("kundenstamm.cli.keys", "keys"),
    "database": ("kundenstamm.cli.database", "prepare"),
    "doctor": ("kundenstamm.cli.database", "doctor"),
}


def run() -> None:
    """Entry point of the console script."""
    words = with_repeated_maps(sys.argv[1:])
    named = words[0] if words else ""
    app(only=named if named in COMMANDS else None)(words)


def with_repeated_maps(words: list[str]) -> list[str]:
    """``--map a=x b=y`` as ``--map a=x --map b=y``: people write it either way.

    >>> with_repeated_maps(["report", "f.csv", "--map", "customer=Wer", "date=Wann", "--json", "-"])
    ['report', 'f.csv', '--map', 'customer=Wer', '--map', 'date=Wann', '--json', '-']
    """
    spelled: list[str] = []
    mapping = False
    for word in words:
        if mapping and "=" in word and not word.startswith("-") and spelled[-1] != "--map":
            spelled.append("--map")
        mapping = word == "--map" or (mapping and not word.startswith("-"))
        spelled.append(word)
    return spelled


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
        command = getattr(import_module(module), function)
        if isinstance(command, typer.Typer):
            made.add_typer(command, name=name)
        else:
            made.command(name)(command)
    return made


def _several_commands() -> None:
    """What every customer really earns, who is slipping away, and who may know it."""
