"""The hour at which all rights end: no way in is left, and nothing without an owner."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from kundenstamm.customers import handing_over
from kundenstamm.customers.timeline import local_day
from kundenstamm.departures import absences
from kundenstamm.departures.actions import hold, move
from kundenstamm.departures.holdings import (
    Heirs,
    held_by,
    keep_known,
    lasting_assignments,
    pass_on_all,
)
from kundenstamm.departures.models import Departure, HandoverLine, Point, State
from kundenstamm.guard import endings
from kundenstamm.guard.models import User
from kundenstamm.guard.people import able_owners
from kundenstamm.guard.people_actions import Refused
from kundenstamm.guard.rights import Right, demand

log = logging.getLogger(__name__)


@transaction.atomic
def end_rights(departure: Departure, *, actor: User, at: datetime) -> None:
    """At once: nobody comes in as this person any more, and what was theirs is another's.

    What the actor does not know of (confidential customers of others) the job does (`follow`).

    Raises
    ------
    Forbidden
        It is not confided to the actor, or the actor does not keep the people.
    Refused
        No owner would remain.
    ValidationError
        The departure is over, or the rights have ended already.
    """
    demand(actor, Right.PEOPLE)
    held = hold(departure, actor)
    _end(held, actor, at)


@transaction.atomic
def _end(held: Departure, actor: User, at: datetime) -> None:
    move(held, State.GONE, actor=actor, at=at)
    held.ended_at = at
    held.save()
    hand_all_over(held, actor=actor, at=at)
    held.points.filter(what=Point.What.RIGHTS, done_at=None).update(done_at=at, done_by=actor)


@transaction.atomic
def hand_all_over(departure: Departure, *, actor: User, at: datetime) -> None:
    """End what rights are left, and give away what is still the person's; may be repeated."""
    heirs = Heirs(departure, actor, at)
    absences.settle(departure.person, heirs.general, actor=actor, at=at)
    keep_known(departure.person, heirs, at=at)
    endings.end_all(departure.person, actor=actor, at=at)
    _give_customers(departure, heirs, at)
    pass_on_all(departure, heirs, actor=actor, at=at)


def _give_customers(departure: Departure, heirs: Heirs, at: datetime) -> None:
    day = local_day(at)
    given: dict[int, list[int]] = defaultdict(list)
    customers = set()
    for each in lasting_assignments(departure.person, day):
        given[heirs.representative(each.customer).pk].append(each.pk)
        customers.add(each.customer_id)
    for to, assignments in given.items():
        handing_over.pass_on(assignments, to, day)
    lines = HandoverLine.objects.filter(departure=departure, customer__in=customers)
    lines.filter(handed_over_at=None).update(handed_over_at=at)


def follow(*, actor: User, at: datetime) -> int:
    """End the rights whose hour has come, and whatever is left of those who are gone; how many.

    For a job: it works for an owner, but for all departures, those that are not confided to this
    owner included.
    """
    due = Departure.objects.filter(state=State.NOTICE, leaves_at__lte=at)
    related = due.select_related("person", "deputy").order_by("leaves_at", "pk")
    done = sum(_tried(_end, each, actor, at) for each in related)
    gone = Departure.objects.filter(state=State.GONE).select_related("person", "deputy")
    for each in gone.order_by("pk"):
        if held_by(each.person, local_day(at)) or endings.left(each.person, at=at):
            done += _tried(_go_on, each, actor, at)
    return done


def _go_on(departure: Departure, actor: User, at: datetime) -> None:
    hand_all_over(departure, actor=actor, at=at)


def _tried(
    deed: Callable[[Departure, User, datetime], None],
    departure: Departure,
    actor: User,
    at: datetime,
) -> bool:
    """One that cannot be done (the last owner's) must not keep the others waiting."""
    try:
        with transaction.atomic():
            deed(departure, _other_owner(departure, actor), at)
    except Refused as refused:
        log.warning("The departure %s does not go on: %s", departure.pk, refused)
        return False
    return True


def _other_owner(departure: Departure, actor: User) -> User:
    """Nobody ends their own rights: another owner does, if there is one."""
    if actor.pk != departure.person_id:
        return actor
    return able_owners().exclude(pk=actor.pk).order_by("pk").first() or actor
