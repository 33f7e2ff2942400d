"""How far a command is, on the terminal; nothing where nobody looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kundenstamm.worth.steps import Step


@contextmanager
def going(title: str) -> Iterator[Step]:
    """A bar that moves to and fro until the given function is told how much of how much is done.

    Each new thing that is done has a bar of its own.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    words = TextColumn("{task.description}")
    console = Console(stderr=True)
    columns = (SpinnerColumn(), words, BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        task = bars.add_task(title, total=None)

        def step(what: str, done: int, of: int) -> None:
            told = f"{title}: {what}, {done:,} of {of:,}" if of else f"{title}: {what}"
            bars.reset(task, description=told, completed=done, total=of or None)

        yield step
