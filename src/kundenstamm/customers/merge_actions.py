"""What happens to customers that are there twice: merged, taken apart again, said to be two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kundenstamm.customers import handing_over, moving
from kundenstamm.customers.actions import demand_all_known
from kundenstamm.customers.doubles_queries import merges
from kundenstamm.customers.following import merge_alone
from kundenstamm.customers.merging import gaps
from kundenstamm.customers.models import Customer, Duplicate, Merge
from kundenstamm.customers.moving import Moving
from kundenstamm.customers.queries import assignments_among
from kundenstamm.customers.timeline import local_day
from kundenstamm.guard.people_actions import Refused
from kundenstamm.guard.rights import Reach, Right, demand, reach_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from kundenstamm.guard.models import User

# A merge can be undone for so long: after it, too much has been built on it.
UNDO_DAYS = 30
State = Merge.State
STANDING = (State.WAITING, State.DONE, State.UNDOING)


@dataclass(frozen=True)
class Preview:
    """What a merge would do: rows that move, what the kept one gets, who will know of it."""

    kept: Customer
    dropped: Customer
    moves: list[tuple[_StrPromise, int]]
    gaps: dict[str, Any]
    serving: list[str]


def preview(keep: Customer, drop: Customer, *, actor: User, at: datetime) -> Preview:
    """What `merge` would do. Raises as it does."""
    _demand(keep, drop, actor, at)
    counted: dict[str, tuple[_StrPromise, int]] = {}
    for mover in moving.movers():
        before = counted.get(str(mover.label), (mover.label, 0))[1]
        counted[str(mover.label)] = mover.label, before + mover.count(drop.pk, actor)
    return Preview(
        keep,
        drop,
        [told for told in counted.values() if told[1]],
        gaps(keep, drop),
        _serving([keep.pk, drop.pk], actor, at),
    )


@transaction.atomic
def ask(keep: Customer, drop: Customer, *, actor: User, at: datetime) -> Merge:
    """Have the background worker merge them: the site itself may not write the ledger.

    Raises as `merge` does.
    """
    from kundenstamm.customers.jobs import merge as job

    _demand(keep, drop, actor, at)
    try:
        with transaction.atomic():
            made = Merge.objects.create(kept=keep, dropped=drop, asked_by=actor, asked_at=at)
    except IntegrityError as twice:  # into a customer whom the actor may not know
        raise Refused(_("One of them is being merged already.")) from twice
    job.defer(merge=made.pk, at=at.isoformat())
    return made


def merge(keep: Customer, drop: Customer, *, actor: User, at: datetime) -> Merge:
    """Make one customer of two: all that is known of ``drop`` is ``keep``'s from now on.

    Raises
    ------
    Forbidden
        The actor may not merge, or may not know of both; somebody who knows own customers only
        serves them not alone.
    Refused
        They are one, one is merged already, or one only is confidential.
    """
    _demand(keep, drop, actor, at)
    with transaction.atomic():
        made = Merge.objects.create(kept=keep, dropped=drop, asked_by=actor, asked_at=at)
        perform(made, at=at)
    moving.work_out_anew(actor, at)
    return made


@transaction.atomic
def perform(asked: Merge, *, at: datetime) -> None:
    """Do what was asked for, in one transaction. Raises as `merge` does."""
    merge_alone()
    handing_over.take_turns([asked.kept_id, asked.dropped_id])
    found = Merge.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if found.state != State.WAITING:
        return
    keep, drop = Customer.objects.get(pk=found.kept_id), Customer.objects.get(pk=found.dropped_id)
    _demand(keep, drop, found.asked_by, at, found)
    of = Moving(found, keep.pk, drop.pk, found.asked_by, at)
    told: dict[str, int] = {}
    for mover in moving.movers():
        name = ".".join(mover.covers)
        told[name] = mover.move(of)
    moved = {name: count for name, count in told.items() if count}
    found.told = {"name": drop.name, "number": drop.number, "moved": moved}
    found.state, found.done_at = State.DONE, at
    found.save(update_fields=["told", "state", "done_at"])
    asked.refresh_from_db()


@transaction.atomic
def ask_back(of: Merge, *, actor: User, at: datetime) -> None:
    """Have the background worker undo a merge. Raises as `undo` does."""
    from kundenstamm.customers.jobs import undo as job

    _demand_back(of, actor, at)
    of.state, of.undone_by = State.UNDOING, actor
    of.save(update_fields=["state", "undone_by"])
    job.defer(merge=of.pk, at=at.isoformat())


def undo(of: Merge, *, actor: User, at: datetime) -> None:
    """Take a merge back: everything is whose it was; what came since stays with the kept one.

    Raises
    ------
    Forbidden
        The actor may not merge, or may not know of the customer.
    Refused
        It is not in force, is older than `UNDO_DAYS`, or a later merge stands on it.
    """
    _demand_back(of, actor, at)
    put_back(of, actor=actor, at=at)
    moving.work_out_anew(actor, at)


@transaction.atomic
def put_back(of: Merge, *, actor: User, at: datetime) -> None:
    """The same in one transaction, without working anything out anew."""
    merge_alone()
    handing_over.take_turns([of.kept_id, of.dropped_id])
    found = Merge.objects.select_for_update(of=("self",)).get(pk=of.pk)
    _demand_back(found, actor, at)
    back = Moving(found, found.kept_id, found.dropped_id, actor, at)
    # In the same order: who follows the ledger's entries must find them back.
    for mover in moving.movers():
        mover.back(back)
    found.state, found.undone_at, found.undone_by = State.UNDONE, at, actor
    found.save(update_fields=["state", "undone_at", "undone_by"])
    of.refresh_from_db()


def demand_merge(keep: Customer, drop: Customer, *, actor: User, at: datetime) -> None:
    """Raises as `merge` does, and does nothing else."""
    _demand(keep, drop, actor, at)


def keep_apart(pair: Duplicate, *, actor: User, at: datetime) -> None:
    """Remember that they are two: no search tells of the pair again. Raises `Forbidden`."""
    demand(actor, Right.MERGE)
    demand_all_known([pair.first_id, pair.second_id], actor)
    pair.apart_at, pair.apart_by = at, actor
    pair.save(update_fields=["apart_at", "apart_by"])


def look_again(pair: Duplicate, *, actor: User, at: datetime) -> None:
    """Take that back. Raises `Forbidden`."""
    demand(actor, Right.MERGE)
    demand_all_known([pair.first_id, pair.second_id], actor)
    pair.apart_at = pair.apart_by = None
    pair.save(update_fields=["apart_at", "apart_by"])


def undo_until(of: Merge) -> datetime | None:
    """Until when it can be undone; None for one that is not in force."""
    if of.state != State.DONE or of.done_at is None:
        return None
    return of.done_at + timedelta(days=UNDO_DAYS)


def _demand(
    keep: Customer, drop: Customer, actor: User, at: datetime, own: Merge | None = None
) -> None:
    demand(actor, Right.MERGE)
    if keep.pk == drop.pk:
        raise Refused(_("That is the same customer."))
    demand_all_known([keep.pk, drop.pk], actor)
    if reach_of(actor) is Reach.OWN:
        _demand_alone([keep.pk, drop.pk], actor, at)
    if keep.confidential != drop.confidential:
        raise Refused(
            _("One of them is confidential. Keep both confidential, or neither, before merging.")
        )
    others = merges(actor).filter(state__in=STANDING, dropped__in=[keep.pk, drop.pk])
    if own is not None:
        others = others.exclude(pk=own.pk)
    if others.exists():
        raise Refused(_("One of them is being merged already."))


def _demand_alone(customers: list[int], actor: User, at: datetime) -> None:
    """Who knows own customers only merges what nobody else serves."""
    day = local_day(at)
    running = assignments_among(actor, customers).exclude(ends__lt=day)
    if running.exclude(representative__user=actor).exists():
        raise Refused(_("Somebody else serves one of them. Ask who assigns customers to merge."))


def _demand_back(of: Merge, actor: User, at: datetime) -> None:
    demand(actor, Right.MERGE)
    demand_all_known([of.kept_id], actor)
    if of.state not in (State.DONE, State.UNDOING):
        raise Refused(_("This merge is not in force."))
    if of.done_at is None or of.done_at + timedelta(days=UNDO_DAYS) < at:
        raise Refused(_("A merge can be undone for %(days)s days.") % {"days": UNDO_DAYS})
    later = merges(actor).filter(state__in=STANDING, pk__gt=of.pk)
    if later.filter(Q(kept=of.kept_id) | Q(dropped=of.kept_id)).exists():
        raise Refused(_("The customer was merged again since. Undo that first."))


def _serving(customers: list[int], actor: User, at: datetime) -> list[str]:
    day = local_day(at)
    running = assignments_among(actor, customers).filter(starts__lte=day)
    named = running.exclude(ends__lt=day).order_by("representative__name")
    return list(named.values_list("representative__name", flat=True).distinct())
