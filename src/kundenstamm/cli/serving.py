"""``kundenstamm pool``, ``activity`` and ``allocate``: what serving costs, month by month."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from kundenstamm.cli.site import cli_actor, site
from kundenstamm.kit.months import Month

if TYPE_CHECKING:
    from kundenstamm.serving.models import AllocationRun

MonthOption = Annotated[str, typer.Option("--month", help="As 2026-05.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
KINDS = ("order", "delivery", "visit", "support", "complaint", "acquisition", "retention")

# As it is said → as it is kept; nothing said leaves it as it is.
WAYS = ("orders", "deliveries", "visits", "calls", "mails", "support", "complaints")
DERIVED = {"": None, **{way: way for way in WAYS}, "nothing": ""}


def pool(
    name: Annotated[str, typer.Argument(help="A team, a warehouse, a fleet.")],
    month: MonthOption,
    cost: Annotated[str, typer.Option(help="What it costs in the month: 16500.00")],
    minutes: Annotated[str, typer.Option(help="Minutes that it is there for in the month.")],
    share: Annotated[str, typer.Option(help="Share of them that is really worked.")] = "0.8",
) -> None:
    """Enter what a pool costs in a month, and its minutes. Entering it again changes it."""
    first, numbers = _month(month), [_number(text) for text in (cost, minutes, share)]
    with site():
        from django.core.exceptions import ValidationError
        from django.utils import timezone

        from kundenstamm.serving.actions import enter_pool_month

        try:
            made = enter_pool_month(name, first, *numbers, actor=cli_actor(), at=timezone.now())
        except ValidationError as refused:
            _fail(" ".join(refused.messages))
        typer.echo(f"{made.pool.name}, {first}: {made.cost} for {made.capacity:f} minutes.")


def activity(
    code: Annotated[str, typer.Argument(help="What files call it.")],
    of: Annotated[str, typer.Option("--pool", help="The pool that does it.")],
    kind: Annotated[str, typer.Option(help=f"One of: {', '.join(KINDS)}.")],
    minutes: Annotated[str, typer.Option(help="Minutes of the simplest one.")],
    driver: Annotated[
        list[str] | None,
        typer.Option(help="name=minutes for each unit: lines=1.5. May be repeated."),
    ] = None,
    name: Annotated[str, typer.Option(help="What people call it.")] = "",
    since: Annotated[
        str, typer.Option("--from", help="The day from which the equation holds: 2026-07-01.")
    ] = "",
    derived_from: Annotated[
        str,
        typer.Option(
            help="orders or deliveries, by sales lines; visits, calls, mails, support or "
            "complaints, as they are recorded; nothing ends it."
        ),
    ] = "",
) -> None:
    """Enter a type of activity with its time equation. Entering it again changes it.

    With --from the equation holds from that day on, and those before it stay. Without it the newest
    one is changed; a first one holds from the beginning.
    """
    base, drivers, first_day = _number(minutes), _drivers(driver or []), _day(since)
    if derived_from not in DERIVED:
        named = ", ".join(name for name in DERIVED if name)
        _fail(f"--derived-from {derived_from}: there is no such thing. Use one of: {named}.")
    if kind not in KINDS:
        _fail(f"--kind {kind}: there is no such kind. Use one of: {', '.join(KINDS)}.")
    with site():
        from django.core.exceptions import ValidationError
        from django.utils import timezone

        from kundenstamm.ledger.models import EntryKind
        from kundenstamm.serving.actions import enter_activity_type
        from kundenstamm.serving.models import Pool

        found = Pool.objects.filter(name=of).first()
        if found is None:
            _fail(f"There is no pool {of}. Enter it first: kundenstamm pool.")
        by: dict[str, Any] = {"name": name, "valid_from": first_day, "actor": cli_actor()}
        by["derived_from"] = DERIVED[derived_from]
        try:
            enter_activity_type(
                code, found, EntryKind[kind.upper()], base, drivers, at=timezone.now(), **by
            )
        except ValidationError as refused:
            _fail(" ".join(refused.messages))
        told = "".join(f" + {each} per {named}" for named, each in drivers.items())
        begins = f", from {first_day} on" if first_day else ""
        typer.echo(f"{code}: {base}{told} minutes, done by {of}{begins}.")


def allocate(month: MonthOption, as_json: JsonOption = False) -> None:
    """Charge a month's activities to their customers; what nobody used stays idle.

    Run it again after corrections: the ledger then holds what the newest run charged.
    """
    first = _month(month)
    with site():
        from django.utils import timezone

        from kundenstamm.lifecycle.actions import allocate_and_value
        from kundenstamm.serving.costing import AllocationRefused

        try:
            run = allocate_and_value(first, actor=cli_actor(), at=timezone.now(), progress=_tell)
        except AllocationRefused as refused:
            _fail(str(refused))
        found = _as_data(run)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else _as_text(found))


def _as_data(run: AllocationRun) -> dict[str, Any]:
    return {
        "month": str(Month(run.month)),
        "version": run.version,
        "replaces": run.replaces.version if run.replaces else None,
        "batch": run.batch_id,
        **run.result,
    }


def _as_text(found: dict[str, Any]) -> str:
    again = f", replaces version {found['replaces']}" if found["replaces"] else ""
    columns = ("cost", "capacity", "used", "charged", "idle")
    head = f"{'pool':<24}" + "".join(f"{name:>14}" for name in columns)
    rows = [
        f"{pool['pool'][:24]:<24}"
        + "".join(f"{_shown(pool[name]):>14}" for name in columns)
        + ("  overloaded" if pool["overloaded"] else "")
        for pool in found["pools"]
    ]
    return "\n".join(
        [
            f"{found['month']}, version {found['version']}{again} (minutes: capacity, used)",
            head,
            *rows,
            f"Charged {_shown(found['charged'])} and idle {_shown(found['idle'])} are all of "
            f"{_shown(found['cost'])}.",
            *_late(found),
            f"Entries: {found['new']} new, {found['changed']} changed, {found['withdrawn']} taken "
            f"back, {found['unchanged']} unchanged; reversed: {_shown(found['reversed'])}.",
        ]
    )


def _late(found: dict[str, Any]) -> list[str]:
    late = found["late"]
    if not late["payments"]:
        return []
    return [f"Late payment beside it: {_shown(late['charged'])} for {late['payments']} payments."]


def _shown(amount: str) -> str:
    from kundenstamm.kit.money import to_cents

    return str(to_cents(Decimal(amount)))


def _tell(step: str) -> None:
    """Progress goes where it disturbs no output."""
    typer.echo(f"{step} …", err=True)


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        _fail(f"--month {text}: this is no month. Write it as 2026-05.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        _fail(f"--from {text}: this is no day. Write it as 2026-07-01.")


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        _fail(f"{text}: this is no number. Write it as 1234.56.")
    if not number.is_finite():
        _fail(f"{text}: this is no number. Write it as 1234.56.")
    return number


def _drivers(pairs: list[str]) -> dict[str, Decimal]:
    split = [pair.partition("=") for pair in pairs]
    return {name.strip(): _number(minutes) for name, _equals, minutes in split}


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
