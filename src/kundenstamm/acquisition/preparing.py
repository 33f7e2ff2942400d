"""Arrivals stored, and sums of them: of all after a valuation, of those touched in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Q

from kundenstamm.acquisition import frames, readers, touched
from kundenstamm.acquisition.models import Arrival, ArrivalCost, Credit, Growing, Path
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
    """All, where a valuation has come; else those touched, and whoever knows others than before.

    None where nothing is to be done. All customers, not only those ``actor`` may see: who may be
    told what is decided where it is read.
    """
    run, before = latest_run(), newest()
    if run is None:
        return None
    if before is None or before.run_id != run.pk:
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
    books = frames.books_began(run)
    for model in (ArrivalCost, Arrival, Growing):
        everything = model._default_manager.all()
        everything._raw_delete(everything.db)
    everybody = frames.everybody()
    for start in range(0, len(everybody), BLOCK):
        _write(frames.arrivals(run, books, everybody[start : start + BLOCK]))
    _analyse()
    readers.fill(at)
    return Growing.objects.create(run=run, books=books, actor=actor, made_at=at)


@transaction.atomic
def refresh(*, actor: User, at: datetime) -> Growing | None:
    """The same for those of whom something was noted since, and for whom others are known now.

    None where nothing was.
    """
    _take_turns()
    before, customers = newest(), touched.take()
    if before is None:
        return None
    changes = readers.changes(customers, at)
    if not customers and not changes:
        return None
    for each in changes:
        each.take_off()
    if customers:
        chosen = Q(customer__any_of=customers)
        ArrivalCost.objects.filter(chosen).delete()
        Arrival.objects.filter(chosen).delete()
        _write(frames.arrivals(before.run, before.books, customers))
    for each in changes:
        each.add()
    before.actor, before.made_at = actor, at
    before.save(update_fields=["actor", "made_at"])
    return before


def newest() -> Growing | None:
    return Growing.objects.select_related("run").order_by("-id").first()


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
