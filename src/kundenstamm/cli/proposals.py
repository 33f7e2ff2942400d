"""``kundenstamm proposals``: which terms wait for approval, and a decision on one."""

from __future__ import annotations

import json
from typing import Annotated, Any, NoReturn
from uuid import UUID

import typer

from kundenstamm.cli.site import cli_actor, site

proposals = typer.Typer(help="Proposed terms that wait for approval.", no_args_is_help=True)
KeyArgument = Annotated[str, typer.Argument(help="As the list prints it.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it is kept.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@proposals.command("list")
def waiting(as_json: JsonOption = False) -> None:
    """What waits, the most urgent first. Customers are named on the page only."""
    with site():
        from django.utils import timezone

        from kundenstamm.decisions.queries.proposals import is_waiting
        from kundenstamm.decisions.queries.proposals import proposals as known

        found = known(cli_actor()).filter(is_waiting(timezone.localdate()))
        rows = [_as_data(each) for each in found.order_by("open_until", "pk")]
    if as_json:
        typer.echo(json.dumps({"waiting": rows}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        typer.echo(
            f"{row['proposal']}  until {row['open_until']}  by {row['proposed_by']}  "
            f"{row['cost']} a year  beyond: {', '.join(row['beyond'])}"
        )
    typer.echo(f"{len(rows)} waiting.")


@proposals.command()
def approve(proposal: KeyArgument, reason: ReasonOption) -> None:
    """Let proposed terms hold, as the owner. Nobody approves their own."""
    _decide(proposal, "approve", reason)
    typer.echo("Approved: it holds.")


@proposals.command()
def refuse(proposal: KeyArgument, reason: ReasonOption) -> None:
    """Say no to proposed terms, as the owner."""
    _decide(proposal, "refuse", reason)
    typer.echo("Refused.")


def _decide(key: str, deed: str, reason: str) -> None:
    try:
        which = UUID(key)
    except ValueError:
        _fail(f"{key}: this is no key of a proposal. 'kundenstamm proposals list' prints them.")
    with site():
        from django.core.exceptions import PermissionDenied, ValidationError
        from django.utils import timezone

        from kundenstamm.decisions import actions
        from kundenstamm.decisions.queries.proposals import proposals as known

        actor = cli_actor()
        found = known(actor).filter(key=which).first()
        if found is None:
            _fail("There is no such proposal, or you may not know of its customer.")
        try:
            getattr(actions, deed)(found, reason=reason, actor=actor, at=timezone.now())
        except ValidationError as refused:
            _fail(" ".join(refused.messages))
        except PermissionDenied as forbidden:
            _fail(str(forbidden))


def _as_data(proposal: Any) -> dict[str, Any]:
    return {
        "proposal": str(proposal.key),
        "proposed_by": proposal.proposed_by.name,
        "open_until": proposal.open_until.isoformat(),
        "cost": proposal.figures.get("cost", 0),
        "beyond": list(proposal.over),
    }


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
