"""What happens: pools get months, work gets time equations, a month's cost is allocated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kundenstamm.customers.timeline import local_day
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand
from kundenstamm.kit.months import Month
from kundenstamm.ledger.actions import Document, open_batch, post_whole
from kundenstamm.ledger.models import Batch, EntryKind
from kundenstamm.ledger.posting.settling import Settled
from kundenstamm.serving.costing import AllocationRefused, Costed, PoolShare, costed
from kundenstamm.serving.deriving import derive
from kundenstamm.serving.late import Late
from kundenstamm.serving.models import (
    BEGINNING,
    ActivityType,
    AllocationRun,
    Driver,
    Equation,
    Pool,
    PoolMonth,
)
from kundenstamm.serving.queries import changes_of, newest_run
from kundenstamm.worth.activities import PRACTICAL

# Under this source each month is a document, and each activity a line of it.
ALLOCATION = Document("Cost to serve, allocated")

Progress = Callable[[str], None]


class DoesNotAddUp(RuntimeError):  # noqa: N818
    """What was charged and what the ledger got differ: nothing was posted."""


def _silent(step: str) -> None:
    """Nobody waits for news of the progress."""


@transaction.atomic
def enter_pool_month(
    name: str,
    month: Month,
    cost: Decimal,
    theoretical_minutes: Decimal,
    practical_share: Decimal = PRACTICAL,
    *,
    actor: User,
    at: datetime,
) -> PoolMonth:
    """What a pool costs in a month, and the minutes it is there for; the pool is made if new.

    Raises
    ------
    django.core.exceptions.ValidationError
        A negative cost, no minutes, or a share that is none.
    """
    demand(actor, Right.COMPANY)
    pool, _made = Pool.objects.get_or_create(name=name)
    found = PoolMonth.objects.filter(pool=pool, month=month.first).first()
    entered = found or PoolMonth(pool=pool, month=month.first)
    entered.cost, entered.theoretical_minutes = cost, theoretical_minutes
    entered.practical_share = practical_share
    entered.full_clean()
    entered.save()
    return entered


@transaction.atomic
def rename_pool(pool: Pool, name: str, *, actor: User, at: datetime) -> None:
    """Call a pool something else; its months, types and runs stay.

    Raises
    ------
    django.core.exceptions.ValidationError
        No name, or another pool has it.
    """
    demand(actor, Right.COMPANY)
    pool.name = name
    pool.full_clean()
    pool.save(update_fields=["name"])


@transaction.atomic
def carry_over(month: Month, *, actor: User, at: datetime) -> list[PoolMonth]:
    """Give pools without figures in a month those of the month before; entered ones stay."""
    demand(actor, Right.COMPANY)
    entered = PoolMonth.objects.filter(month=month.first).values("pool")
    before = PoolMonth.objects.filter(month=month.before.first).exclude(pool__in=entered)
    for each in (copied := list(before.select_related("pool"))):
        each.pk, each.month = None, month.first
        each._state.adding = True
        each.save()
    return copied


@transaction.atomic
def enter_activity_type(
    code: str,
    pool: Pool,
    kind: EntryKind,
    base_minutes: Decimal,
    drivers: Mapping[str, Decimal] | None = None,
    *,
    name: str = "",
    valid_from: date | None = None,
    derived_from: str | None = None,
    actor: User,
    at: datetime,
) -> ActivityType:
    """A type of activity with its time equation; one with this code is changed.

    With ``valid_from`` the equation holds from that day until the type's next one; one that begins
    on that day is corrected. Without it the newest is, and a first one holds from the beginning.
    Without ``derived_from`` (see `DerivedFrom`) a type stays derived from what it was.

    Raises
    ------
    django.core.exceptions.ValidationError
        Negative minutes, a kind of entry that is no work, a driver that no file could name, or
        something that no activity is derived from.
    """
    demand(actor, Right.COMPANY)
    entered = ActivityType.objects.filter(code=code).first() or ActivityType(code=code)
    entered.name, entered.pool = name or entered.name or code, pool
    entered.kind = kind
    if derived_from is not None:
        entered.derived_from = derived_from
    entered.full_clean()
    entered.save()
    newest = entered.newest_equation
    since = valid_from or (newest.valid_from if newest else BEGINNING)
    _enter_equation(entered, since, base_minutes, drivers or {})
    return entered


def _enter_equation(
    of: ActivityType, valid_from: date, base_minutes: Decimal, drivers: Mapping[str, Decimal]
) -> None:
    found = of.equations.filter(valid_from=valid_from).first()
    entered = found or Equation(type=of, valid_from=valid_from)
    entered.base_minutes = base_minutes
    entered.full_clean()
    entered.save()
    entered.drivers.exclude(name__in=drivers).delete()
    for each, minutes in drivers.items():
        _enter_driver(entered, each, minutes)


def _enter_driver(of: Equation, name: str, minutes: Decimal) -> None:
    driver = of.drivers.filter(name=name).first() or Driver(equation=of, name=name)
    driver.minutes = minutes
    driver.full_clean()
    driver.save()


@transaction.atomic
def allocate(
    month: Month, *, actor: User, at: datetime, progress: Progress = _silent
) -> AllocationRun:
    """Charge a month's activities and late days to their customers; idle capacity stays uncharged.

    A later run of the month reverses what no longer holds and posts what does: the ledger then
    has exactly what the newest run charged. Runs take turns.

    Raises
    ------
    AllocationRefused
        The month has not begun, a pool has no cost in it, or drivers do not fit.
    DoesNotAddUp
        The ledger would not hold what was charged.
    """
    demand(actor, Right.COMPANY)
    if month.first > local_day(at):
        said = _("%(month)s has not begun yet. Take this month or an earlier one.")
        raise AllocationRefused(said % {"month": month})
    batch = open_batch(Batch.Kind.ALLOCATION, ALLOCATION, actor=actor, at=at)
    before, seen = newest_run(month), changes_of(month)
    progress("deriving")
    derive(month)
    progress("costing")
    found, late = costed(month), Late.of(month)
    progress("posting")
    settled = post_whole(batch, str(month), found.entries) + post_whole(
        batch, late.document, late.entries
    )
    progress("checking")
    _check(batch, month, found)
    _check_standing(batch, late.document, late.charged)
    batch.result = asdict(settled)
    batch.save(update_fields=["result"])
    return AllocationRun.objects.create(
        month=month.first,
        version=before.version + 1 if before else 1,
        replaces=before,
        batch=batch,
        actor=actor,
        made_at=at,
        result=_result(batch, found, settled) | {"late": late.told()},
        changes_seen=seen,
    )


def _check(batch: Batch, month: Month, found: Costed) -> None:
    for pool in found.pools:
        if pool.share.charged + pool.share.idle != pool.of.cost:
            raise DoesNotAddUp(f"{pool.of}: charged and idle are not the pool's cost.")
    _check_standing(batch, str(month), found.charged)


def _check_standing(batch: Batch, document: str, charged: Decimal) -> None:
    standing = _sum("source_id = %s AND document = %s", batch.source_id, document)
    if standing != -charged:
        raise DoesNotAddUp(f"{document}: charged {charged}, but the ledger has {standing}.")


def _result(batch: Batch, found: Costed, settled: Settled) -> dict[str, Any]:
    reversed_ = _sum("batch_id = %s AND reverses_id IS NOT NULL", batch.pk)
    return asdict(settled) | {
        "pools": [_told(pool) for pool in found.pools],
        "cost": str(sum((pool.of.cost for pool in found.pools), Decimal(0))),
        "charged": str(found.charged),
        "idle": str(sum((pool.share.idle for pool in found.pools), Decimal(0))),
        "reversed": str(reversed_),
    }


def _told(pool: PoolShare) -> dict[str, Any]:
    share = pool.share
    return {
        "pool": pool.of.pool.name,
        "pool_id": pool.of.pool_id,
        "activities": pool.activities,
        "cost": str(pool.of.cost),
        "capacity": str(pool.of.capacity),
        "used": str(share.used),
        "charged": str(share.charged),
        "idle": str(share.idle),
        "overloaded": share.overloaded,
    }


def _sum(condition: str, *values: Any) -> Decimal:
    """Of the whole ledger, whoever asks: an allocation must add up for everybody together."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(sum(amount), 0) FROM ledger_entry WHERE {condition}",  # noqa: S608
            values,
        )
        return Decimal(cursor.fetchone()[0])
