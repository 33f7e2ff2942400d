"""What happens to a departure: feared, known, over; and its checklist."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kundenstamm.customers.timeline import local_day
from kundenstamm.departures.models import (
    LEADS_TO,
    LONGEST,
    Departure,
    DepartureChange,
    Point,
    State,
)
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Forbidden, Right, demand

# Days before the rights end by which a point should be done.
BEFORE = {
    Point.What.HANDOVER: 21, Point.What.SHEETS: 14, Point.What.INTRODUCE: 5, Point.What.LETTER: 3,
    Point.What.THINGS: 0, Point.What.SECRECY: 7, Point.What.RIGHTS: 0,
}  # fmt: skip


@transaction.atomic
def fear(person: User, because: str, *, actor: User, at: datetime) -> Departure:
    """Somebody may leave. Only owners and who leads the person learn of it.

    Raises
    ------
    Forbidden
        The actor does not prepare departures, does not lead the person, or is the person.
    ValidationError
        The person has no open account, or their departure is being prepared already.
    """
    demand(actor, Right.DEPART)
    if not person.is_active:
        raise ValidationError({"person": _("This account is locked already.")})
    teams = sorted(person.teams.values_list("pk", flat=True))
    made = Departure(person=person, teams=teams, opened_by=actor, opened_at=at)
    if not _confided(made, actor):
        raise Forbidden(_("You do not lead this person."))
    if Departure.objects.running().filter(person=person).exists():
        raise ValidationError({"person": _("This is being prepared already.")})
    made.put("because", because.strip()[:LONGEST])
    made.save()
    DepartureChange.objects.create(departure=made, after=State.FEARED, by=actor, at=at)
    Point.objects.bulk_create(Point(departure=made, what=what) for what in Point.What)
    return made


@transaction.atomic
def give_notice(departure: Departure, leaves_at: datetime, *, actor: User, at: datetime) -> None:
    """It is certain, and known when all rights end: at that hour they do, by a job.

    Raises
    ------
    Forbidden
        It is not confided to the actor, or the actor does not keep the people.
    ValidationError
        It is over, or the hour is.
    """
    demand(actor, Right.PEOPLE)
    held = hold(departure, actor)
    if leaves_at <= at:
        raise ValidationError({"leaves_at": _("This hour is over. End the rights at once.")})
    if held.state == State.FEARED:
        held.noticed_at = at
        move(held, State.NOTICE, actor=actor, at=at)
    held.leaves_at = leaves_at
    held.save()
    day = local_day(leaves_at)
    for point in held.points.filter(done_at=None):
        planned = day - timedelta(days=BEFORE[Point.What(point.what)])
        point.due = max(planned, local_day(at))
        point.save(update_fields=["due"])


@transaction.atomic
def withdraw(departure: Departure, *, actor: User, at: datetime) -> None:
    """The person stays. Whoever was not told before learns nothing of it now.

    Raises
    ------
    Forbidden
        It is not confided to the actor; from a notice on, the actor must keep the people.
    ValidationError
        It is over, or the person is gone already.
    """
    held = hold(departure, actor)
    if held.state == State.NOTICE:
        demand(actor, Right.PEOPLE)
    move(held, State.WITHDRAWN, actor=actor, at=at)
    held.leaves_at, held.over_at = None, at
    held.save()


@transaction.atomic
def close(departure: Departure, *, actor: User, at: datetime) -> None:
    """All is handed over. Raises as `withdraw`."""
    demand(actor, Right.PEOPLE)
    held = hold(departure, actor)
    move(held, State.CLOSED, actor=actor, at=at)
    held.over_at = at
    held.save()


@transaction.atomic
def name_deputy(departure: Departure, deputy: User | None, *, actor: User, at: datetime) -> None:
    """Who gets what would be nobody's otherwise.

    Raises
    ------
    Forbidden
        It is not confided to the actor.
    ValidationError
        They could not do it.
    """
    held = hold(departure, actor)
    if deputy is not None and (deputy.pk == held.person_id or not deputy.is_active):
        raise ValidationError({"deputy": _("Choose somebody else.")})
    held.deputy = deputy
    held.save(update_fields=["deputy"])


def tick(point: Point, done: bool, *, actor: User, at: datetime) -> None:
    """A point of the list is done, or is not after all. Raises as `name_deputy`."""
    hold(point.departure, actor)
    point.done_at, point.done_by = (at, actor) if done else (None, None)
    point.save(update_fields=["done_at", "done_by"])


def hold(departure: Departure, actor: User) -> Departure:
    """The departure locked and read anew, if it is confided to the actor and not over.

    Raises
    ------
    Forbidden
        It is not confided to the actor.
    ValidationError
        It is over.
    """
    demand(actor, Right.DEPART)
    found = Departure.objects.visible_to(actor).filter(pk=departure.pk)
    held = found.select_for_update(of=("self",)).first()
    if held is None:
        raise Forbidden(_("This is not confided to you."))
    if not held.is_running:
        raise ValidationError(_("This departure is over."))
    return held


def move(held: Departure, to: State, *, actor: User, at: datetime) -> None:
    """From one state to another, noted; saves all but the departure itself."""
    if to not in LEADS_TO[held.state]:
        raise ValidationError(_("There is no way from here to there."))
    DepartureChange.objects.create(departure=held, before=held.state, after=to, by=actor, at=at)
    held.state = to


def _confided(departure: Departure, actor: User) -> bool:
    """As `DepartureQuerySet.visible_to`, of one that is not saved yet."""
    if departure.person_id == actor.pk:
        return False
    led = set(actor.teams.values_list("pk", flat=True)) & set(departure.teams)
    return bool(led) or actor.role == "owner"
