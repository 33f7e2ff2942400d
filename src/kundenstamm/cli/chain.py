"""``kundenstamm chain``: what a customer's chain brings and risks."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from kundenstamm.cli.site import cli_actor, site

if TYPE_CHECKING:
    from kundenstamm.chain.queries import Branch
    from kundenstamm.chain.reader import Row

chain = typer.Typer(help="Who supplies whom.", no_args_is_help=True)
SHOWN = 25


@chain.callback()
def _several() -> None:
    """Who supplies whom."""


@chain.command()
def show(
    customer: Annotated[str, typer.Argument(help="The customer's number.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Profit and risk of a customer and of those whom it supplies, most at risk first."""
    with site():
        from django.utils import timezone

        from kundenstamm.acquisition.queries import numbered
        from kundenstamm.chain.queries import branch
        from kundenstamm.guard.audit import note_read

        actor = cli_actor()
        who = numbered(actor, customer)
        if who is None:
            _fail(f"{customer}: there is no customer of this number.")
        told = branch(actor, who, timezone.localdate(), start=0, size=SHOWN)
        rows = [told.row, *told.below]
        shown = {row.customer.pk for row in rows} | {row.weakest.pk for row in rows if row.weakest}
        note_read("chain-of", shown, actor=actor, at=timezone.now(), of=who.pk)
        found = _as_data(told)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else _as_text(found))


def _as_data(found: Branch) -> dict[str, Any]:
    return _row(found.row) | {
        "as_of": found.run.as_of.isoformat() if found.run else None,
        "supplies": [_row(each) for each in found.below],
        "more": found.more,
    }


def _row(row: Row) -> dict[str, Any]:
    """Money as text with two decimals; risks are estimates."""
    return {
        "customer": row.customer.number,
        "name": row.customer.name,
        "link": row.customer.link,
        "own": _money(row.own),
        "behind": _money(row.behind),
        "members": row.members,
        "at_risk": _money(row.at_risk),
        "weakest": row.weakest.number if row.weakest else None,
    }


def _money(amount: Decimal | float) -> str:
    from kundenstamm.kit.money import to_cents

    return str(to_cents(Decimal(str(amount))))


def _as_text(found: dict[str, Any]) -> str:
    lines = [
        f"{found['name']} ({found['customer']}): {found['own']} its own, {found['behind']} behind "
        f"it, {found['members']} customers; {found['at_risk']} at risk."
    ]
    if found["weakest"]:
        lines.append(f"Weakest link: {found['weakest']}")
    if found["supplies"]:
        lines.append(f"{'supplies':<44}{'own':>14}{'behind':>14}{'members':>9}{'at risk':>14}")
    for row in found["supplies"]:
        named = f"{row['customer']} {row['name']}"[:42]
        lines.append(
            f"{named:<44}{row['own']:>14}{row['behind']:>14}{row['members']:>9}{row['at_risk']:>14}"
        )
    if found["more"]:
        lines.append("and more: see the chain's page.")
    return "\n".join(lines)


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
