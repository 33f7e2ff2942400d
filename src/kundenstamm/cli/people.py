"""``kundenstamm people``: who holds whom, and what hangs on single people."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from kundenstamm.cli.site import cli_actor, site


def people(
    anew: Annotated[
        bool, typer.Option("--anew", help="Reckon first what has changed; the worker does so.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """What hangs on each colleague without cover, and in the whole firm."""
    with site():
        found = _found(anew)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    if found["firm"] is None:
        typer.echo("Nothing yet: it takes a valuation and recorded conversations.")
        return
    typer.echo(f"{'colleague':<28}{'customers':>10}{'expected':>14}{'hangs':>14}{'covered':>9}")
    for row in found["people"]:
        typer.echo(
            f"{row['name']:<28}{row['customers']:>10,}{row['expected']:>14,.0f}"
            f"{row['hangs']:>14,.0f}{row['covered']:>9.0%}"
        )
    firm = found["firm"]
    typer.echo(
        f"{firm['dependency']:.1%} of what is expected hangs on one person without cover "
        f"({firm['hangs']:,.0f}); as of {found['day']}."
    )


def _found(anew: bool) -> dict[str, Any]:
    from django.utils import timezone

    from kundenstamm.relations import queries
    from kundenstamm.relations.reckoning import reckon_due

    actor, at = cli_actor(), timezone.now()
    if anew:
        reckon_due(actor=actor, at=at, today=timezone.localdate(at))
    told = queries.people(actor)
    firm = told.firm
    return {
        "day": told.made.day.isoformat() if told.made else None,
        "firm": firm
        and {
            "expected": float(firm.value),
            "hangs": float(firm.hanging),
            "dependency": firm.dependency,
            "covered": firm.cover,
            "known_by_one": firm.alone,
        },
        "people": [
            {
                "name": row.colleague.name,
                "customers": row.customers,
                "expected": float(row.value),
                "hangs": float(row.hanging),
                "covered": 1 - (row.uncovered or 0.0),
            }
            for row in told.rows
        ],
    }
