"""``kundenstamm pursuits list``: who is being won, and what its sheet says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kundenstamm.cli.site import cli_actor, site

if TYPE_CHECKING:
    from kundenstamm.pursuits.queries import Card

pursuits = typer.Typer(help="Customers that are being won.", no_args_is_help=True)


@pursuits.callback()
def _several() -> None:
    """Customers that are being won."""


@pursuits.command("list")
def listing(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """The board, state by state: verdict, chance, expected contribution, what it has cost."""
    with site():
        from django.utils import timezone

        from kundenstamm.pursuits.queries import board

        columns = board(cli_actor(), timezone.localdate(), mine=False)
        rows = [_as_data(card) for column in columns for card in column.cards]
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


def _as_data(card: Card) -> dict[str, Any]:
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
