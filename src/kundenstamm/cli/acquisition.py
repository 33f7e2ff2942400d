"""``kundenstamm acquisition``: what channels cost and brought."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from kundenstamm.cli.site import cli_actor, site

if TYPE_CHECKING:
    from kundenstamm.acquisition.figures import Growth, Result

acquisition = typer.Typer(help="Where customers come from.", no_args_is_help=True)
AFTER = 12


@acquisition.callback()
def _several() -> None:
    """Where customers come from."""


@acquisition.command()
def channels(
    way: Annotated[
        str, typer.Option(help="Who is credited: first, last or position.")
    ] = "position",
    year: Annotated[int | None, typer.Option(help="Only customers won in this year.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Each channel: what it won and cost, who became regulars, payback, profit after a year."""
    with site():
        from django.utils import timezone

        from kundenstamm.acquisition.figures import growth
        from kundenstamm.acquisition.preparing import prepare_due
        from kundenstamm.worth.acquisition.attribution import Attribution

        if way not in set(Attribution):
            _fail(f"{way}: no way to credit. Take first, last or position.")
        actor = cli_actor()
        prepare_due(actor=actor, at=timezone.now())
        found = growth(actor, Attribution(way), year)
        if found is None:
            _fail("Nobody is valued yet. Run `kundenstamm value` first.")
        told = _as_data(found)
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else _as_text(told))


def _as_data(found: Growth) -> dict[str, Any]:
    return {
        "as_of": found.run.as_of.isoformat(),
        "credit": found.way.value,
        "year": found.year,
        "prospects": found.prospects,
        "channels": [_channel(each) for each in found.results],
    }


def _channel(of: Result) -> dict[str, Any]:
    """Money as text with two decimals; None where it cannot be told."""
    year = next(each for each in of.after if each.months == AFTER)
    return {
        "channel": str(of.of) if of.of else "not known",
        "won": round(of.won, 2),
        "spent": _money(of.spent),
        "cost_of_winning": _money(of.winning.cost if of.winning else None),
        "regulars": None if of.regulars.share is None else round(of.regulars.share, 4),
        "payback_month": of.cohort.payback if of.customers else None,
        "profit_after_12_months": _money(year.profit),
    }


def _money(amount: float | None) -> str | None:
    from decimal import Decimal

    from kundenstamm.kit.money import to_cents

    return None if amount is None else str(to_cents(Decimal(str(amount))))


def _as_text(found: dict[str, Any]) -> str:
    rows = [
        f"{row['channel']:<32}{row['won']:>8}{_or_dash(row['spent']):>14}"
        f"{_or_dash(row['cost_of_winning']):>12}{_per_cent(row['regulars']):>10}"
        f"{_or_dash(row['payback_month']):>9}{_or_dash(row['profit_after_12_months']):>14}"
        for row in found["channels"]
    ]
    won_in = f", won in {found['year']}" if found["year"] else ""
    return "\n".join(
        [
            f"Channels as of {found['as_of']}, credit by {found['credit']}{won_in}:",
            f"{'channel':<32}{'won':>8}{'spent':>14}{'each cost':>12}{'regulars':>10}"
            f"{'payback':>9}{'12 months':>14}",
            *rows,
            f"{found['prospects']} have not bought yet.",
        ]
    )


def _or_dash(value: object) -> str:
    return "-" if value is None else str(value)


def _per_cent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
