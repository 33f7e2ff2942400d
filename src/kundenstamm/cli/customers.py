"""``kundenstamm customers``: who is in the base twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kundenstamm.cli.site import cli_actor, site

if TYPE_CHECKING:
    from kundenstamm.customers.models import Customer, Duplicate

customers = typer.Typer(help="The base itself.", no_args_is_help=True)


@customers.callback()
def _several() -> None:
    """The base itself."""


@customers.command()
def duplicates(
    search: Annotated[
        bool, typer.Option("--search", help="Compare the whole base first, as every night.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Pairs that look like one customer, the likeliest first, and what is proposed."""
    with site():
        from django.utils import timezone

        from kundenstamm.customers import doubles_queries, matching
        from kundenstamm.guard.audit import note_read

        actor = cli_actor()
        if search:
            matching.find(actor=actor, at=timezone.now())
        pairs = list(doubles_queries.open_pairs(actor))
        proposed = list(doubles_queries.proposals(actor).filter(state="open"))
        shown = {pk for each in pairs for pk in (each.first_id, each.second_id)}
        shown |= {pk for each in proposed for pk in (each.kept_id, each.dropped_id)}
        note_read("duplicates", shown, actor=actor, at=timezone.now())
        found = {
            "pairs": [_pair(each) for each in pairs],
            "proposed": [
                {"keep": _named(each.kept), "drop": _named(each.dropped),
                 "by": each.proposed_by.name}
                for each in proposed
            ],
        }  # fmt: skip
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else _as_text(found))


def _pair(of: Duplicate) -> dict[str, Any]:
    return {
        "first": _named(of.first),
        "second": _named(of.second),
        "probability": round(of.probability, 3),
        "reasons": sorted(of.reasons.values()),
    }


def _named(of: Customer) -> dict[str, str]:
    return {"customer": of.number, "name": of.name}


def _as_text(found: dict[str, Any]) -> str:
    lines = [
        f"{row['probability']:.2f}  {_told(row['first'])}  =  {_told(row['second'])}  "
        f"({', '.join(row['reasons'])})"
        for row in found["pairs"]
    ]
    lines.append(f"{len(found['pairs'])} pairs look like one customer.")
    lines += [
        f"Proposed by {row['by']}: {_told(row['drop'])} into {_told(row['keep'])}"
        for row in found["proposed"]
    ]
    return "\n".join(lines)


def _told(of: dict[str, str]) -> str:
    return f"{of['customer']} {of['name']}"
