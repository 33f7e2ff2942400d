"""Arrivals stored: of everybody after a valuation, of those touched in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Q

from kundenstamm.acquisition import adding, frames, touched
from kundenstamm.acquisition.models import (
    Arrival,
    ArrivalCost,
    ChannelAge,
    ChannelMonth,
    Credit,
    Growing,
    Path,
)
from kundenstamm.customers.models import Customer, Grant
from kundenstamm.guard.models import User
from kundenstamm.ledger import copying
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.worth.acquisition.attribution import Attribution, credits

if TYPE_CHECKING:
    import polars as pl

# So many customers' amounts are held at once.
BLOCK = 20_000
COLUMNS = ("customer_id", "path_id", "day", "regular", "lifetime", "months", "so_far", "beyond",
           "before")  # fmt: skip
COSTS = ("customer_id", "month", "amount")
# Nobody is credited: nobody knows how the customer came.
UNKNOWN = ""


def prepare_due(*, actor: User, at: datetime) -> Growing | None:
    """All, where a valuation has come or somebody is left out who was not; else those touched.

    None where nothing is to be done. All customers, not only those ``actor`` may see: who may be
    told what is decided where it is read.
    """
    run, before = latest_run(), newest()
    if run is None:
        return None
    if before is None or before.run_id != run.pk or before.left_out != _left_out(at):
        return prepare_all(actor=actor, at=at)
    return refresh(actor=actor, at=at)


@transaction.atomic
def prepare_all(*, actor: User, at: datetime) -> Growing | None:
    """Put what the newest valuation says in the place of what stood there; None without one."""
    _take_turns()
    run = latest_run()
    if run is None:
        return None
    touched.take()
    books, left_out = frames.books_began(run), _left_out(at)
    for model in (ArrivalCost, Arrival, ChannelMonth, ChannelAge, Growing):
        everything = model._default_manager.all()
        everything._raw_delete(everything.db)
    made = Growing(run=run, books=books, left_out=left_out, prospects=0, actor=actor, made_at=at)
    everybody = frames.everybody()
    for start in range(0, len(everybody), BLOCK):
        _write(frames.arrivals(run, books, everybody[start : start + BLOCK]))
    _analyse()
    _count(made, None, +1)
    made.save()
    return made


@transaction.atomic
def refresh(*, actor: User, at: datetime) -> Growing | None:
    """The same for those of whom something was noted since; None where nothing was."""
    _take_turns()
    before, customers = newest(), touched.take()
    if before is None or not customers:
        return None
    _count(before, customers, -1)
    chosen = Q(customer__any_of=customers)
    ArrivalCost.objects.filter(chosen).delete()
    Arrival.objects.filter(chosen).delete()
    _write(frames.arrivals(before.run, before.books, customers))
    _count(before, customers, +1)
    before.actor, before.made_at = actor, at
    before.save(update_fields=["actor", "made_at", "prospects"])
    return before


def newest() -> Growing | None:
    return Growing.objects.select_related("run").order_by("-id").first()


def _left_out(at: datetime) -> list[int]:
    """Who is kept from somebody of those who know all: confidential, or closed to a person."""
    secret = Customer.objects.filter(confidential=True).values_list("pk", flat=True)
    closed = Grant.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), kind=Grant.Kind.CLOSED)
    return sorted({*secret, *closed.values_list("customer", flat=True)})


def _count(made: Growing, customers: Sequence[int] | None, sign: int) -> None:
    """Add these, or everybody, to the sums, or take them off."""
    who, told = "arrival.customer_id <> ALL(%s)", [made.left_out]
    counted = Arrival.objects.exclude(customer__any_of=made.left_out).filter(day=None)
    if customers is not None:
        who, told = f"{who} AND arrival.customer_id = ANY(%s)", [*told, list(customers)]
        counted = counted.filter(customer__any_of=customers)
    adding.store(who, told, sign)
    made.prospects += sign * counted.count()


def _write(rows: Iterable[frames.Row]) -> None:
    made = list(rows)
    paths = _paths({each.codes for each in made})
    if made:
        copying.append(_arrivals(made, paths), Arrival._meta.db_table, COLUMNS)
    costs = [
        {"customer_id": each.customer, "month": month, "amount": str(amount)}
        for each in made
        for month, amount in each.took.items()
    ]
    if costs:
        import polars as pl

        copying.append(pl.DataFrame(costs), ArrivalCost._meta.db_table, COSTS)


def _arrivals(made: Sequence[frames.Row], paths: dict[str, int]) -> pl.DataFrame:
    """As text, which PostgreSQL reads exactly."""
    import polars as pl

    def listed(amounts: Sequence[Any]) -> str:
        return "{" + ",".join(map(str, amounts)) + "}"

    return pl.DataFrame(
        {
            "customer_id": [each.customer for each in made],
            "path_id": [paths[each.codes] for each in made],
            "day": pl.Series([each.day for each in made], dtype=pl.Date),
            "regular": [each.regular for each in made],
            "lifetime": pl.Series(
                [None if each.lifetime is None else str(each.lifetime) for each in made],
                dtype=pl.String,
            ),
            "months": [listed(each.months) for each in made],
            "so_far": [listed(each.so_far) for each in made],
            "beyond": [str(each.beyond) for each in made],
            "before": [str(each.before) for each in made],
        }
    )


def _paths(codes: set[str]) -> dict[str, int]:
    """Their keys; new ones with what each way credits."""
    known = dict(Path.objects.filter(codes__in=codes).values_list("codes", "pk"))
    new = Path.objects.bulk_create(Path(codes=each) for each in sorted(codes - known.keys()))
    Credit.objects.bulk_create(each for path in new for each in _credits(path))
    return known | {each.codes: each.pk for each in new}


def _credits(path: Path) -> Iterator[Credit]:
    listed = [code for code in path.codes.split(",") if code]
    for way in Attribution:
        for channel, part in (credits(listed, way) if listed else {UNKNOWN: 1}).items():
            yield Credit(path=path, way=way.value, channel=channel, part=float(part))


def _analyse() -> None:
    with connection.cursor() as cursor:
        for model in (Arrival, ArrivalCost, Credit):
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kundenstamm growth'))")
