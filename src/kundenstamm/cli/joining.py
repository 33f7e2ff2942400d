"""``kundenstamm joining``: customers for a new colleague, proposed and taken over."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from kundenstamm.cli.site import cli_actor, site

if TYPE_CHECKING:
    from kundenstamm.departures.joining.proposing import Asked, Proposal
    from kundenstamm.guard.models import User

joining = typer.Typer(help="Customers for a new colleague.", no_args_is_help=True)
PersonArgument = Annotated[str, typer.Argument(help="The new colleague's mail address.")]
NumberOption = Annotated[int, typer.Option("--customers", help="So many at most.")]
FromOption = Annotated[
    list[str] | None, typer.Option("--from", help="Only from who has this code; several times.")
]
TradeOption = Annotated[str, typer.Option(help="A trade that the newcomer knows.")]
RegionOption = Annotated[str, typer.Option(help="Where the newcomer is at home.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@joining.command()
def propose(
    person: PersonArgument,
    customers: NumberOption = 20,
    from_: FromOption = None,
    trade: TradeOption = "",
    region: RegionOption = "",
    as_json: JsonOption = False,
) -> None:
    """Which customers the newcomer should get: who holds each, what the change costs and gains."""
    with site():
        actor = cli_actor()
        found = _proposal(_asked(person, customers, from_, trade, region), actor)
        told = _as_data(found)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for row in told["customers"]:
        named = f"{row['customer']} {row['name']}"[:40]
        typer.echo(
            f"{named:<42}{row['value']:>14}{row['cost']:>12}{row['gain']:>12}  "
            f"{row['holder'] or '-'} ({row['why']})"
        )
    typer.echo(f"{len(told['customers'])} customers; together they gain {told['saved']} a year.")


@joining.command("take-over")
def take_over(
    person: PersonArgument,
    customers: NumberOption = 20,
    from_: FromOption = None,
    trade: TradeOption = "",
    region: RegionOption = "",
    chosen: Annotated[
        list[str] | None,
        typer.Option("--customer", help="These numbers instead of the proposal; several times."),
    ] = None,
    starts: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on; today.")
    ] = None,
    weekly: Annotated[int, typer.Option(help="First contacts a week, at most.")] = 8,
    together: Annotated[int, typer.Option(help="So many with who holds them now.")] = 15,
) -> None:
    """The newcomer serves what is proposed by the same options; undone on the site for 30 days."""
    with site():
        from django.core.exceptions import PermissionDenied, ValidationError
        from django.utils import timezone

        from kundenstamm.departures.joining import taking_over

        actor, at = cli_actor(), timezone.now()
        asked = _asked(person, customers, from_, trade, region)
        if chosen:
            ids = [_known(each, actor) for each in chosen]
        else:
            ids = [each.customer.pk for each in _proposal(asked, actor).lines]
        day = starts.date() if starts else timezone.localdate(at)
        plan = taking_over.Plan(day, weekly, together)
        try:
            act = taking_over.take_over(asked.newcomer, ids, plan, actor=actor, at=at)
        except ValidationError as refused:
            _fail(" ".join(refused.messages))
        except PermissionDenied as forbidden:
            _fail(str(forbidden))
    typer.echo(f"{act.customers if act else 0} customers go to {person} from {day} on.")


def _asked(
    person: str, customers: int, from_: list[str] | None, trade: str, region: str
) -> Asked:  # fmt: skip
    from kundenstamm.customers.models import Representative
    from kundenstamm.departures.joining.proposing import Asked
    from kundenstamm.guard.models import User

    who = User.objects.filter(email__iexact=person).first()
    if who is None:
        _fail(f"Nobody has the mail address {person}.")
    codes = dict(Representative.objects.filter(code__in=from_ or ()).values_list("code", "pk"))
    for code in from_ or ():
        if code not in codes:
            _fail(f"--from {code}: nobody serves customers under this code.")
    return Asked(who, customers, frozenset(codes.values()), trade, region)


def _proposal(asked: Asked, actor: User) -> Proposal:
    """Noted in the audit: whoever is proposed is told of."""
    from django.core.exceptions import PermissionDenied, ValidationError
    from django.utils import timezone

    from kundenstamm.departures.joining import proposing
    from kundenstamm.guard.audit import note_read

    at = timezone.now()
    try:
        found = proposing.propose(asked, actor=actor, at=at)
    except ValidationError as refused:
        _fail(" ".join(refused.messages))
    except PermissionDenied as forbidden:
        _fail(str(forbidden))
    note_read("joining", [each.customer.pk for each in found.lines], actor=actor, at=at)
    return found


def _known(number: str, actor: User) -> int:
    from kundenstamm.customers.queries import known_by_number

    found = known_by_number(actor, number)
    return found.pk if found else _fail(f"{number}: there is no customer of this number.")


def _as_data(found: Proposal) -> dict[str, Any]:
    """Money as text with two decimals, a year."""
    return {
        "saved": str(found.saved),
        "customers": [
            {
                "customer": each.customer.number,
                "name": each.customer.name,
                "holder": each.holder.name if each.holder else None,
                "why": each.why.value,
                "value": f"{each.value:.2f}",
                "cost": str(each.cost),
                "gain": str(each.gain),
            }
            for each in found.lines
        ],
    }


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
