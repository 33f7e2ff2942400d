"""Somebody is away from a day to a day: a deputy serves meanwhile, and gives back by itself.

Nothing is taken from who is away. The deputy's assignments and openings have their last day from
the beginning, so they end even if no job runs; tasks and complaints come back by the job.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kundenstamm.customers.models import Assignment, Customer, Grant, Representative
from kundenstamm.customers.queries import to_hand_over
from kundenstamm.customers.timeline import local_day
from kundenstamm.departures.errands import lend, take_back
from kundenstamm.departures.holdings import representative_for
from kundenstamm.departures.models import Absence
from kundenstamm.guard.models import Role, User
from kundenstamm.guard.rights import Forbidden, Right, demand, may

LONGEST = timedelta(days=366)
DAY = timedelta(days=1)


@transaction.atomic
def send_away(
    person: User, deputy: User, starts: date, ends: date, *, actor: User, at: datetime
) -> Absence:
    """Somebody is away; meanwhile the deputy serves those of the customers that the actor knows.

    Raises
    ------
    Forbidden
        The actor does not assign customers, or does not lead the person.
    ValidationError
        The days are over, too many or taken, or the deputy could not do it.
    """
    demand(actor, Right.ASSIGN)
    if not _leads(actor, person):
        raise Forbidden(_("You do not lead this person."))
    # Two who enter it at once take turns.
    list(User.objects.select_for_update().filter(pk__in=(person.pk, deputy.pk)).order_by("pk"))
    _demand_days(person, starts, ends, at)
    _demand_deputy(person, deputy, starts, ends)
    return arrange(person, deputy, starts, ends, actor=actor, at=at)


def arrange(
    person: User, deputy: User, starts: date, ends: date, *, actor: User, at: datetime
) -> Absence:
    """As `send_away`, without asking whether it may be: for who takes the place of a deputy."""
    made = Absence(
        person=person, deputy=deputy, starts=starts, ends=ends, entered_by=actor, entered_at=at
    )
    serves = Representative.objects.filter(user=person).first()
    held = list(to_hand_over(actor, serves, starts).filter(starts__lte=ends)) if serves else []
    if held:
        made.assignments = _assign(held, representative_for(deputy), made, actor)
        made.openings = _open([each.customer_id for each in held], made)
    made.save()
    if starts <= local_day(at):
        lend(made, actor=actor, at=at)
    return made


@transaction.atomic
def call_back(absence: Absence, *, actor: User, at: datetime) -> None:
    """Back sooner, from today on; or it does not come to it.

    Raises
    ------
    Forbidden
        The actor does not assign customers, or does not lead the person.
    ValidationError
        It is over already.
    """
    demand(actor, Right.ASSIGN)
    held = Absence.objects.visible_to(actor).filter(pk=absence.pk).first()
    if held is None:
        raise Forbidden(_("You do not lead this person."))
    if held.over_at is not None or held.ends < local_day(at):
        raise ValidationError(_("That is over already."))
    finish(held, actor=actor, at=at)


def follow(*, actor: User, at: datetime) -> int:
    """Tasks of who is away go to the deputy, and come back afterwards; how many absences.

    For a job.
    """
    today = local_day(at)
    over = Absence.objects.filter(Q(ends__lt=today) | Q(ends__lt=F("starts")), over_at=None)
    for each in over.select_related("person", "deputy").order_by("pk"):
        with transaction.atomic():
            _take_back(each, actor, at)
            each.over_at = at
            each.save(update_fields=["over_at"])
    lasting = Absence.objects.lasting(today).filter(starts__lte=today)
    for each in lasting.select_related("person", "deputy").order_by("pk"):
        with transaction.atomic():
            lend(each, actor=actor, at=at)
    return len(over) + len(lasting)


def finish(absence: Absence, *, actor: User, at: datetime) -> None:
    """Yesterday was its last day; what the actor does not know of, the job takes back."""
    absence.ends = max(min(absence.ends, local_day(at) - DAY), absence.starts - DAY)
    absence.save(update_fields=["ends"])
    _take_back(absence, actor, at)


def settle(person: User, to: User, *, actor: User, at: datetime) -> None:
    """Somebody leaves: their own absences end, and where they stood in, somebody else does."""
    today = local_day(at)
    lasting = Absence.objects.lasting(today).select_related("person", "deputy").order_by("pk")
    for each in lasting.filter(person=person):
        finish(each, actor=actor, at=at)
    for each in lasting.filter(deputy=person):
        last = each.ends
        finish(each, actor=actor, at=at)
        if to.pk not in (each.person_id, person.pk):
            begins = max(each.starts, today)
            arrange(each.person, to, begins, last, actor=actor, at=at)


def _take_back(absence: Absence, actor: User, at: datetime) -> None:
    """What lasts beyond the last day ends; what somebody made lasting meanwhile stays."""
    given = Assignment.objects.filter(pk__in=absence.assignments, ends__gt=absence.ends)
    given.filter(starts__gt=absence.ends).delete()
    given.update(ends=absence.ends)
    opened = Grant.objects.filter(pk__in=absence.openings, ends_at__gt=at)
    opened.filter(starts_at__gte=at).delete()
    opened.update(ends_at=at)
    take_back(absence, actor=actor, at=at)


def _assign(held: list[Assignment], to: Representative, absence: Absence, actor: User) -> list[int]:
    """The deputy serves beside who is away, as long as that would be and no longer."""
    among = {each.customer_id for each in held}
    mine: dict[int, list[Assignment]] = {}
    for each in Assignment.objects.visible_to(actor).filter(representative=to, customer__in=among):
        mine.setdefault(each.customer_id, []).append(each)
    made = []
    for each in held:
        begins = max(each.starts, absence.starts)
        last = min(each.ends or absence.ends, absence.ends)
        first = _after_own(mine.get(each.customer_id, []), begins, last)
        if first is not None:
            fresh = Assignment(
                customer_id=each.customer_id, representative=to, starts=first, ends=last
            )
            mine.setdefault(each.customer_id, []).append(fresh)
            made.append(fresh)
    return [each.pk for each in Assignment.objects.bulk_create(made)]


def _after_own(own: list[Assignment], begins: date, last: date) -> date | None:
    """The first day from which the deputy does not serve the customer anyway; None: always."""
    for each in sorted(own, key=lambda held: held.starts):
        if each.starts <= begins and (each.ends is None or each.ends >= begins):
            if each.ends is None:
                return None
            begins = each.ends + DAY
    return begins if begins <= last else None


def _open(customers: list[int], absence: Absence) -> list[int]:
    """Confidential customers that who is away serves and knows, until the end of the last day."""
    begins, ends = _midnight(absence.starts), _midnight(absence.ends + DAY)
    begins = max(begins, absence.entered_at)
    lasting = Grant.objects.filter(Q(ends_at=None) | Q(ends_at__gt=begins), kind=Grant.Kind.OPEN)
    known = lasting.filter(person=absence.person).values("customer")
    mine = lasting.filter(Q(ends_at=None) | Q(ends_at__gte=ends), person=absence.deputy)
    secret = Customer.objects.visible_to(absence.entered_by).filter(
        pk__in=customers, confidential=True
    )
    wanted = secret.filter(pk__in=known).exclude(pk__in=mine.values("customer"))
    because = _("Stands in for a colleague who is away")
    made = [
        Grant(
            person=absence.deputy, customer=each, kind=Grant.Kind.OPEN, reason=because,
            given_by=absence.entered_by, starts_at=begins, ends_at=ends,
        )
        for each in wanted
    ]  # fmt: skip
    return [each.pk for each in Grant.objects.bulk_create(made)]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _demand_days(person: User, starts: date, ends: date, at: datetime) -> None:
    if starts < local_day(at):
        raise ValidationError({"starts": _("This day is over. Begin today or later.")})
    if not starts <= ends <= starts + LONGEST:
        raise ValidationError({"ends": _("Enter a last day within a year of the first.")})
    if not person.is_active:
        raise ValidationError({"person": _("This account is locked already.")})
    taken = Absence.objects.lasting(starts).filter(person=person, starts__lte=ends)
    if taken.exists():
        raise ValidationError({"starts": _("These days are entered already.")})


def _demand_deputy(person: User, deputy: User, starts: date, ends: date) -> None:
    away = Absence.objects.lasting(starts).filter(person=deputy, starts__lte=ends)
    if deputy.pk == person.pk or not may(deputy, Right.RECORD) or away.exists():
        raise ValidationError({"deputy": _("Choose somebody who is here and records visits.")})


def _leads(actor: User, person: User) -> bool:
    if actor.role == Role.OWNER:
        return True
    return actor.teams.filter(pk__in=person.teams.values("pk")).exists()
