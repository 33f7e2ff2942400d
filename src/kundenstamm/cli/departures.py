"""``kundenstamm departures``: who leaves, who takes over whom, and all rights ended at once."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import datetime, time
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from kundenstamm.cli.site import cli_actor, site

if TYPE_CHECKING:
    from kundenstamm.departures.models import Departure
    from kundenstamm.guard.models import User

departures = typer.Typer(help="Who leaves, and who takes over.", no_args_is_help=True)
PersonArgument = Annotated[str, typer.Argument(help="The account's mail address.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it is kept, encrypted.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@departures.command("list")
def listing(as_json: JsonOption = False) -> None:
    """Every departure that is confided to the owner: who, how certain, when the rights end."""
    with site():
        from kundenstamm.departures.models import Departure

        found = Departure.objects.visible_to(cli_actor()).select_related("person")
        rows = [_as_data(each) for each in found.order_by("over_at", "leaves_at", "-opened_at")]
    if as_json:
        typer.echo(json.dumps({"departures": rows}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        typer.echo(f"{row['person']:<34}{row['state']:<11}{row['rights_end'] or '-'}")
    typer.echo(f"{len(rows)} departures.")


@departures.command()
def show(person: PersonArgument, as_json: JsonOption = False) -> None:
    """Who takes over whom, the most value at risk first, as it was proposed or chosen."""
    with site():
        actor = cli_actor()
        of = _running(person, actor) or _fail(f"{person}: no departure is being prepared.")
        told = _lines(of, actor)
    _print(told, as_json)


@departures.command()
def plan(person: PersonArgument, reason: ReasonOption = "", as_json: JsonOption = False) -> None:
    """Prepare a departure if nobody has yet, and propose a successor for each customer."""
    with site(), _refusals():
        from django.utils import timezone

        from kundenstamm.departures.planning import propose

        actor = cli_actor()
        of = _prepared(person, reason, actor)
        propose(of, actor=actor, at=timezone.now())
        told = _lines(of, actor)
    _print(told, as_json)


@departures.command()
def notice(
    person: PersonArgument,
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The last day.")],
    hour: Annotated[str, typer.Option(help="When all rights end, as 18:00.")] = "18:00",
    reason: ReasonOption = "",
) -> None:
    """It is certain: all rights end on that day at that hour by themselves, by the worker."""
    try:
        at_hour = time.fromisoformat(hour)
    except ValueError:
        _fail(f"--hour {hour}: this is no hour. Write it as 18:00.")
    with site(), _refusals():
        from django.utils import timezone

        from kundenstamm.departures.actions import give_notice

        actor = cli_actor()
        ends = timezone.make_aware(datetime.combine(day.date(), at_hour))
        give_notice(_prepared(person, reason, actor), ends, actor=actor, at=timezone.now())
    typer.echo(f"{person}: all rights end on {ends:%Y-%m-%d %H:%M}.")


@departures.command("end-rights")
def end_rights(
    person: PersonArgument,
    sure: Annotated[bool, typer.Option("--yes", help="Do not ask once more.")] = False,
    reason: ReasonOption = "",
) -> None:
    """End all rights now: sessions, password, calendar, openings; what was theirs is another's."""
    if not sure:
        typer.confirm(f"End all rights of {person} now?", abort=True)
    with site(), _refusals():
        from django.utils import timezone

        from kundenstamm.departures import ending
        from kundenstamm.departures.holdings import held_by

        actor, at = cli_actor(), timezone.now()
        of = _prepared(person, reason, actor)
        ending.end_rights(of, actor=actor, at=at)
        left = held_by(of.person, timezone.localdate(at))
    typer.echo(f"{person}: all rights have ended.")
    if left:
        kept = ", ".join(f"{number} {name}" for name, number in left.items())
        typer.echo(f"What the owner may not know of is handed over by the worker: {kept}.")


def _as_data(of: Departure) -> dict[str, Any]:
    from django.utils import timezone

    ends = of.ended_at or of.leaves_at
    return {
        "person": of.person.email,
        "name": of.person.name,
        "state": of.state,
        "rights_end": timezone.localtime(ends).isoformat(timespec="minutes") if ends else None,
    }


def _lines(of: Departure, actor: User) -> dict[str, Any]:
    """Noted in the audit: whoever is told of here has been shown. Money as text."""
    from django.utils import timezone

    from kundenstamm.departures.planning import known_lines
    from kundenstamm.guard.audit import note_read
    from kundenstamm.kit.money import to_cents

    lines = known_lines(of, actor)
    note_read("departure", [e.customer_id for e in lines], actor=actor, at=timezone.now())
    return _as_data(of) | {
        "lines": [
            {
                "customer": each.customer.number,
                "name": each.customer.name,
                "value": str(to_cents(each.value)),
                "at_risk": str(to_cents(each.at_risk)),
                "successor": each.successor.name if each.successor else None,
                "chosen": each.chosen_id is not None,
            }
            for each in lines
        ]
    }


def _print(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    typer.echo(f"{told['name']}: {told['state']}, rights end: {told['rights_end'] or '-'}")
    for row in told["lines"]:
        named = f"{row['customer']} {row['name']}"[:40]
        by_hand = " (chosen)" if row["chosen"] else ""
        typer.echo(f"{named:<42}{row['at_risk']:>14}  {row['successor'] or '-'}{by_hand}")
    typer.echo(f"{len(told['lines'])} customers.")


def _running(person: str, actor: User) -> Departure | None:
    from kundenstamm.departures.models import Departure

    found = Departure.objects.visible_to(actor).running().select_related("person")
    return found.filter(person__email__iexact=person).first()


def _prepared(person: str, reason: str, actor: User) -> Departure:
    """The departure that is being prepared, else a new one."""
    from django.utils import timezone

    from kundenstamm.departures.actions import fear
    from kundenstamm.guard.models import User

    found = _running(person, actor)
    if found is not None:
        return found
    who = User.objects.filter(email__iexact=person).first()
    if who is None:
        _fail(f"Nobody has the mail address {person}.")
    return fear(who, reason, actor=actor, at=timezone.now())


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    """What an action refuses is said in a line, and the command fails."""
    from django.core.exceptions import PermissionDenied, ValidationError

    from kundenstamm.guard.people_actions import Refused

    try:
        yield
    except ValidationError as refused:
        _fail(" ".join(refused.messages))
    except (PermissionDenied, Refused) as forbidden:
        _fail(str(forbidden))


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
