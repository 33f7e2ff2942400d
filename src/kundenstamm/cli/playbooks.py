"""``kundenstamm playbooks``: which there are, and following the newest valuation by hand."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from kundenstamm.cli.site import cli_actor, site

playbooks = typer.Typer(help="What is done when a customer enters a stage.", no_args_is_help=True)
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@playbooks.command("list")
def kept(as_json: JsonOption = False) -> None:
    """Those that the company keeps, with how many steps, and for how many customers they run."""
    with site():
        from kundenstamm.playbooks import queries

        running = queries.running(cli_actor())
        rows = [_as_data(each, running) for each in queries.playbooks().values()]
    if as_json:
        typer.echo(json.dumps({"playbooks": rows}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        typer.echo(
            f"{row['stage']:<10}{row['link'] or 'any':<14}{row['steps']:>3} steps"
            f"{row['running']:>8} running   {row['on_since'] or 'off'}"
        )
    typer.echo(f"{len(rows)} playbooks.")


@playbooks.command("follow")
def follow_stages(as_json: JsonOption = False) -> None:
    """Start and end what the newest valuation asks for; the worker does so after each."""
    with site():
        from django.utils import timezone

        from kundenstamm.playbooks.following import follow

        made = follow(actor=cli_actor(), at=timezone.now())
        found = {name: getattr(made, name, 0) for name in ("started", "left", "nobody")}
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    typer.echo(
        f"{found['started']} started, {found['left']} ended because the customer left the stage, "
        f"{found['nobody']} without anybody to do the steps."
    )


def _as_data(playbook: Any, running: dict[int, int]) -> dict[str, Any]:
    since = playbook.switched_on_at
    return {
        "stage": playbook.stage,
        "link": playbook.link,
        "steps": len(playbook.steps.all()),
        "running": running.get(playbook.pk, 0),
        "on_since": since.date().isoformat() if since else None,
    }
