"""Who holds whom, worked out anew: of all in the night, of those touched in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction

from kundenstamm.guard.models import User
from kundenstamm.ledger import copying
from kundenstamm.lifecycle.models import ValuationRun
from kundenstamm.lifecycle.queries.runs import day_to_value, latest_run
from kundenstamm.relations import frames
from kundenstamm.relations.colleagues import Staff, staff
from kundenstamm.relations.history import look_back, sum_up
from kundenstamm.relations.models import Bond, Reckoning, Tie
from kundenstamm.worth.relations.bonds import bonds
from kundenstamm.worth.relations.dependency import valued
from kundenstamm.worth.relations.strength import strengths, ties

if TYPE_CHECKING:
    import polars as pl

BONDS = (
    "customer_id", "colleague_id", "strength", "share", "bound", "cover", "holds", "days",
    "last_day", "value", "hanging",
)  # fmt: skip
TIES = ("customer_id", "contact_id", "colleague_id", "strength", "days", "last_day")
# A transaction that began before the last pass may have been stored after it.
OVERLAP = timedelta(minutes=5)


@transaction.atomic
def reckon_all(day: date, *, actor: User, at: datetime) -> Reckoning | None:
    """Work out every customer's bonds and the sums; None before the first valuation.

    All customers, not only those ``actor`` may see, as the valuation does. The first time the
    quarters before are worked out as well.
    """
    _take_turns()
    run = latest_run()
    if run is None:
        return None
    people = staff(day)
    made = _reckon(run, day, people, None, actor, at)
    look_back(run, day, people)
    return made


@transaction.atomic
def refresh(customers: Sequence[int], *, actor: User, at: datetime) -> Reckoning | None:
    """The same for some customers with whom something has happened; None without a pass before."""
    _take_turns()
    before, run = latest(), latest_run()
    if before is None or run is None:
        return None
    people = staff(before.day)
    if before.run_id != run.pk or people.changed:
        return _reckon(run, before.day, people, None, actor, at)
    return _reckon(run, before.day, people, customers, actor, at)


def reckon_due(*, actor: User, at: datetime, today: date) -> Reckoning | None:
    """All, where a day or a valuation has passed or somebody has come or gone since; else those
    touched since; else nothing."""
    before, run = latest(), latest_run()
    day = day_to_value(today) or today
    if run is None:
        return None
    if before is None or before.run_id != run.pk or before.day != day or staff(day).changed:
        return reckon_all(day, actor=actor, at=at)
    touched = touched_since(before.made_at - OVERLAP)
    return refresh(touched, actor=actor, at=at) if touched else None


def latest() -> Reckoning | None:
    return Reckoning.objects.order_by("-id").first()


def touched_since(moment: datetime) -> list[int]:
    """Customers with whom something was recorded, withdrawn or said since."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"since": moment})
        return [customer for (customer,) in cursor.fetchall()]


def _reckon(
    run: ValuationRun,
    day: date,
    people: Staff,
    only: Sequence[int] | None,
    actor: User,
    at: datetime,
) -> Reckoning:
    spoken, values = frames.conversations(only), frames.values(run.pk, only)
    strong = strengths(spoken, day, frames.corrections(only))
    _store(valued(bonds(strong, people.here), values), ties(spoken, day), only)
    sum_up(run, day)
    return Reckoning.objects.create(
        run=run, day=day, whole=only is None, customers=strong["customer_id"].n_unique(),
        actor=actor, made_at=at,
    )  # fmt: skip


def _store(held: pl.DataFrame, tied: pl.DataFrame, only: Sequence[int] | None) -> None:
    import polars as pl

    for model in (Bond, Tie):
        old = model._default_manager.all()
        old = old if only is None else old.filter(customer__in=list(only))
        old._raw_delete(old.db)
    money = held.with_columns(pl.col("value", "hanging").round(4))
    copying.append(money, Bond._meta.db_table, BONDS)
    copying.append(tied, Tie._meta.db_table, TIES)
    if only is None:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {Bond._meta.db_table}, {Tie._meta.db_table}")


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kundenstamm relations'))")


_TOUCHED = """
SELECT customer_id FROM care_interaction WHERE recorded_at >= %(since)s OR withdrawn_at >= %(since)s
UNION
SELECT customer_id FROM relations_correction WHERE at >= %(since)s OR withdrawn_at >= %(since)s
"""
