"""``kundenstamm pursuits``: who is being won, and how full the pools are in the coming months."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kundenstamm.cli.site import cli_actor, site

if TYPE_CHECKING:
    from kundenstamm.pursuits.queries import Card

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


@pursuits.command("list")
def listing(
    as_json: JsonOption = False,
) -> None:
    """The board, state by state: verdict, chance, expected contribution, what it has cost."""
    with site():
        from django.utils import timezone

        from kundenstamm.guard.audit import note_read
        from kundenstamm.pursuits.queries import board

        actor = cli_actor()
        columns = board(actor, timezone.localdate(), mine=False)
        cards = [card for column in columns for card in column.cards]
        shown = {card.of.customer_id for card in cards}
        note_read("pursuits", shown, actor=actor, at=timezone.now())
        rows = [_card(card) for card in cards]
    if as_json:
        typer.echo(json.dumps({"pursuits": rows}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        named = f"{row['customer']} {row['name']}"[:40]
        typer.echo(
            f"{row['state']:<13}{named:<42}{row['verdict'] or '-':<11}{row['chance']:>6.0%}"
            f"{row['expected'] or '-':>14}{row['spent']:>12}  {row['owner']}"
        )
    typer.echo(f"{len(rows)} on the board.")


def _card(card: Card) -> dict[str, Any]:
    """Money as text with two decimals."""
    from kundenstamm.kit.money import to_cents

    of = card.of
    return {
        "customer": of.customer.number,
        "name": of.customer.name,
        "owner": of.owner.name,
        "state": of.state,
        "verdict": of.verdict,
        "chance": float(of.chance),
        "expected": None if of.expected is None else str(to_cents(of.expected)),
        "spent": str(to_cents(card.watched.spent)),
    }
