"""``kundenstamm keys``: what sensitive fields are sealed with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kundenstamm.cli.site import cli_actor, site

if TYPE_CHECKING:
    from kundenstamm.guard.rotating import Rotated

keys = typer.Typer(help="Show, rotate and forget the keys of sealed fields.", no_args_is_help=True)


@keys.command()
def show() -> None:
    """List the keys: since when, and how many values are sealed with each."""
    with site(whatever_the_keys=True):
        from kundenstamm.guard.keys import KeysRefused, path, ring
        from kundenstamm.guard.rotating import counted

        held = counted()
        try:
            found = ring()
        except KeysRefused as refused:
            _fail(f"{refused}\n{_told(held)}")
        typer.echo(f"{path()}")
        for key in found.keys.values():
            mark = "current" if key is found.current else ""
            typer.echo(
                f"{key.name:<6}{key.since[:16]:<18}{held.pop(key.name, 0):>10} values  {mark}"
            )
        if held:
            _fail(f"Not in the ring: {_told(held)}. Bring back the ring of this database.")


@keys.command()
def rotate() -> None:
    """Make a new key and seal everything with it; what was interrupted goes on."""
    with site():
        from django.utils import timezone

        from kundenstamm.guard import rotating
        from kundenstamm.guard.keys import KeysRefused

        try:
            total = sum(rotating.counted().values())
            with typer.progressbar(length=total, label="Sealing") as bar:
                done = rotating.rotate(actor=cli_actor(), at=timezone.now(), progress=bar.update)
        except KeysRefused as refused:
            _fail(str(refused))
        _tell(done)


@keys.command()
def forget(
    name: Annotated[str, typer.Argument(help="The key's name, as `keys show` lists it.")],
    lost: Annotated[
        bool,
        typer.Option("--lost", help="The ring does not have it: empty what nobody can open."),
    ] = False,
) -> None:
    """Take an old key out of the ring; refused while anything is sealed with it."""
    with site(whatever_the_keys=True):
        from django.utils import timezone

        from kundenstamm.guard import rotating
        from kundenstamm.guard.keys import KeysRefused

        actor, at = cli_actor(), timezone.now()
        try:
            if lost:
                emptied = rotating.forget_lost(name, actor=actor, at=at)
                typer.echo(f"{emptied} values have been emptied.")
            else:
                rotating.forget(name, actor=actor, at=at)
                typer.echo(f"{name} is forgotten. Backups sealed with it need an older ring.")
        except (rotating.ForgetRefused, KeysRefused) as refused:
            _fail(str(refused))


def _tell(done: Rotated) -> None:
    begun = "New key" if done.is_new else "An interrupted rotation went on; key"
    typer.echo(f"{begun} {done.key}: {done.values} values sealed with it.")
    if done.unopened:
        shown = "\n    ".join(done.unopened[:20])
        _fail(f"{len(done.unopened)} values do not open and stay as they are:\n    {shown}")


def _told(held: dict[str, int]) -> str:
    return ", ".join(f"{count} values sealed with {name}" for name, count in held.items())


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
