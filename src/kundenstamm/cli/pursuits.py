"""``kundenstamm pursuits``: how full the pools are in the coming months."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from kundenstamm.cli.site import site

pursuits = typer.Typer(help="Customers we consider winning.", no_args_is_help=True)
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@pursuits.callback()
def _several_commands() -> None:
    """Customers we consider winning."""


@pursuits.command()
def capacity(
    months: Annotated[int, typer.Option(min=1, max=36, help="How many months ahead.")] = 12,
    as_json: JsonOption = False,
) -> None:
    """Print each pool's hours by month: capacity, served already, won since, pursuits, free."""
    with site():
        from django.utils import timezone

        from kundenstamm.pursuits.capacity import calendar
        from kundenstamm.pursuits.hands import hands

        today = timezone.localdate()
        held = hands(today)
        found = _as_data(calendar(held, today, months), held.months)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else _as_text(found))


def _as_data(rows: Any, allocated: int) -> dict[str, Any]:
    """Minutes, pool by pool."""
    names = ("capacity", "base", "won", "planned", "needed", "free")
    return {
        "months_allocated": allocated,
        "pools": [
            {
                "pool": pool[0].pool.name,
                "months": [
                    {"month": f"{cell.month:%Y-%m}"}
                    | {name: round(getattr(cell, name), 1) for name in names}
                    | {"short": cell.is_short}
                    for cell in pool
                ],
            }
            for pool in zip(*rows, strict=True)
        ],
    }


def _as_text(found: dict[str, Any]) -> str:
    if not found["pools"]:
        return "No pool has figures yet. Enter them with: kundenstamm pool"
    lines = [line for pool in found["pools"] for line in _pool(pool)]
    known = found["months_allocated"]
    return "\n".join(
        [*lines, f"Served already: as in the same month of the last year ({known} allocated)."]
    )


def _pool(pool: dict[str, Any]) -> list[str]:
    head = ("capacity", "served", "won", "pursuits", "free")
    rows = [
        f"{row['month']:<10}"
        + "".join(f"{row[name] / 60:>10.1f}" for name in
                  ("capacity", "base", "won", "planned", "free"))
        + ("  TOO FEW" if row["short"] else "")
        for row in pool["months"]
    ]  # fmt: skip
    title = f"{'hours':<10}" + "".join(f"{name:>10}" for name in head)
    return [pool["pool"], title, *rows, ""]
