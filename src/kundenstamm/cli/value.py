"""``kundenstamm value``: what every customer is worth as of a day."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kundenstamm.cli.site import cli_actor, site

if TYPE_CHECKING:
    from kundenstamm.lifecycle.models import ValuationRun


def value(
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day that counts. Default: today."),
    ] = None,
    refit: Annotated[
        bool, typer.Option("--refit", help="Fit the models anew, whatever their age.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Value every customer: stage, expected contribution, what is at risk."""
    with site():
        from django.utils import timezone

        from kundenstamm.lifecycle.actions import value_all

        at = timezone.now()
        day = as_of.date() if as_of else timezone.localdate(at)
        try:
            run = value_all(as_of=day, actor=cli_actor(), at=at, refit=refit)
        except ValueError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None
        found = _as_data(run)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else _as_text(found))


def _as_data(run: ValuationRun) -> dict[str, Any]:
    """Contributions are over all time up to the day, as ``report`` prints them."""
    return {
        "run": run.pk,
        "as_of": run.as_of.isoformat(),
        "customers": run.customers,
        "scored": run.scored,
        "stages": run.totals["stages"],
        **_contributions(run.totals["ever"]),
        "last_365_days": _contributions(run.totals["year"]),
        "expected_contribution": _shown(run.totals["expected"]),
        "lifetime_value": _shown(run.totals["lifetime"]),
        "value_at_risk": _shown(run.totals["risk"]["value"]),
        "estimated_margin": run.estimated_margin,
        "models": run.models_fitted,
    }


def _contributions(levels: dict[str, str]) -> dict[str, str]:
    return {f"contribution_{n}": _shown(levels[f"contribution_{n}"]) for n in (1, 2, 3)}


def _shown(amount: str) -> str:
    from kundenstamm.kit.money import to_cents

    return str(to_cents(Decimal(amount)))


def _as_text(found: dict[str, Any]) -> str:
    stages = ", ".join(f"{name} {count}" for name, count in found["stages"].items() if count)
    horizon, fitted_on = found["models"]["horizon"], found["models"]["fitted_on"]
    lines = [
        f"Run {found['run']} as of {found['as_of']}: {found['customers']} customers "
        f"({found['scored']} scored anew, models of {fitted_on})",
        f"Stages: {stages or 'none'}",
        f"Contribution III, last 365 days: {found['last_365_days']['contribution_3']}",
        f"Expected contribution, next 365 days: {found['expected_contribution']}",
        f"Lifetime value, {horizon['years']} years at {horizon['rate']:.0%} a year: "
        f"{found['lifetime_value']}",
        f"Value at risk: {found['value_at_risk']}",
    ]
    if found["estimated_margin"]:
        lines.append("Estimated margin: not every line's goods have a known cost.")
    if found["models"]["refusal"]:
        lines.append(f"No expectation: {found['models']['refusal']}")
    return "\n".join(lines)
