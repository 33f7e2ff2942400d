"""``kundenstamm terms``: what agreements cost by kind, and a month's bonuses accrued."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from kundenstamm.cli.site import cli_actor, site
from kundenstamm.kit.months import Month

terms = typer.Typer(help="What is given away, by agreement and without.", no_args_is_help=True)
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@terms.command("list")
def costs(as_json: JsonOption = False) -> None:
    """What agreements cost in 12 months, by kind. Customers are named on the page only."""
    with site():
        from django.utils import timezone

        from kundenstamm.lifecycle.queries.runs import day_told
        from kundenstamm.terms.queries import overview

        today = timezone.localdate()
        found = _as_data(overview(cli_actor(), day_told(today)))
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else _as_text(found))


@terms.command()
def accrue(month: Annotated[str, typer.Argument(help="As 2026-05.")]) -> None:
    """Post what yearly bonuses cost by the end of a month. Run again, it corrects itself."""
    try:
        which = Month.parse(month)
    except ValueError:
        _fail(f"{month}: this is no month. Write it as 2026-05.")
    with site():
        from django.utils import timezone

        from kundenstamm.terms.booking import AccrualRefused
        from kundenstamm.terms.booking import accrue as accrue_month

        try:
            done = accrue_month(which, actor=cli_actor(), at=timezone.now()).result
        except AccrualRefused as refused:
            _fail(str(refused))
    typer.echo(
        f"{which}: {done['owed']} accrued in the year so far. Entries: {done['new']} new, "
        f"{done['changed']} changed, {done['withdrawn']} taken back, {done['unchanged']} unchanged."
    )


@terms.command()
def recognise() -> None:
    """Find which entries of the ledger agreements caused; the worker does so every night."""
    with site():
        from django.utils import timezone

        from kundenstamm.terms.booking import recognise_all

        linked = recognise_all(actor=cli_actor(), at=timezone.now())
    typer.echo(f"{linked} entries found their agreement.")


def _as_data(found: Any) -> dict[str, Any]:
    return {
        "as_of": found.as_of.isoformat(),
        "kinds": [
            {"kind": kind.value, "agreements": n, "cost": _money(cost)}
            for kind, n, cost in found.kinds
        ],
        "without_agreement": _money(found.without_agreement),
        "total": _money(found.total),
        "gross_sales": _money(found.gross_sales),
        "permanent": len(found.ratchets),
        "still_granted": len(found.still_granted),
        "ending_soon": len(found.soon),
    }


def _money(amount: Any) -> str:
    from kundenstamm.kit.money import to_cents

    return str(to_cents(amount))


def _as_text(found: dict[str, Any]) -> str:
    rows = [f"{row['kind']:<20}{row['agreements']:>8}{row['cost']:>16}" for row in found["kinds"]]
    return "\n".join(
        [
            f"Given away in the 12 months up to {found['as_of']}:",
            f"{'kind':<20}{'number':>8}{'cost':>16}",
            *rows,
            f"{'without agreement':<28}{found['without_agreement']:>16}",
            f"{'total':<28}{found['total']:>16}",
            f"Of gross sales of {found['gross_sales']}. Grown beyond what was meant: "
            f"{found['permanent']}; over and still granted: {found['still_granted']}; ending "
            f"within two months: {found['ending_soon']}.",
        ]
    )


def _fail(message: str) -> Any:
    typer.echo(message, err=True)
    raise typer.Exit(1)
