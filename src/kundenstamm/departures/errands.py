"""Tasks and complaints of who is away: with the deputy meanwhile, and back afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from kundenstamm.care import complaint_actions, task_actions
from kundenstamm.care.models import Complaint, ComplaintStep, Task, TaskStep
from kundenstamm.care.standing_in import demand_able
from kundenstamm.customers.models import Assignment
from kundenstamm.customers.queries import known_among
from kundenstamm.customers.timeline import local_day
from kundenstamm.departures.models import Absence
from kundenstamm.guard.models import User
from kundenstamm.guard.people import able_owners

HANDED_OVER = TaskStep.Kind.HANDED_OVER.value
Hand = Callable[[User], None]
Deed = Callable[..., None]
# From whom to whom.
Handing = dict[str, User]


def lend(absence: Absence, *, actor: User, at: datetime) -> None:
    """What is due while somebody is away, and every complaint, goes to the deputy if they may know.

    What the deputy has given back on purpose stays where it is.
    """
    mine = Q(owner=absence.person)
    returned = {"from_owner": absence.deputy, "to_owner": absence.person}
    because = _("Away for a while")
    rows = _open(absence, mine, because, actor, at, until=absence.ends, but=returned)
    for each, hand in rows:
        if _able(absence.deputy, each.customer_id):
            hand(absence.deputy)


def take_back(absence: Absence, *, actor: User, at: datetime) -> None:
    """What was lent, and what came in meanwhile that the deputy may know nothing of any more.

    To who was away; if that cannot be, it stays with the deputy, or goes to somebody who knows.
    """
    because, with_deputy = _("Back again"), Q(owner=absence.deputy)
    lent = {"from_owner": absence.person, "to_owner": absence.deputy}
    for each, hand in _open(absence, with_deputy, because, actor, at, only=lent):
        if _able(absence.person, each.customer_id):
            hand(absence.person)
    theirs = _served_by(absence.person, at)
    left = list(_open(absence, with_deputy & Q(customer__in=theirs), because, actor, at))
    known = _known(absence.deputy, [each.customer_id for each, _hand in left])
    for each, hand in left:
        keeper = None if each.customer_id in known else _keeper(absence, each.customer_id, at)
        if keeper is not None:
            hand(keeper)


def _open(
    absence: Absence, which: Q, because: str, actor: User, at: datetime, *,
    until: date | None = None, only: Handing | None = None, but: Handing | None = None,
) -> Iterator[tuple[Task | Complaint, Hand]]:  # fmt: skip
    """Open tasks and complaints, each with how it is handed over; by steps since it was entered."""
    since = {"kind": HANDED_OVER, "at__gte": absence.entered_at}
    due = Q(due__lte=until) if until else Q()
    found: list[tuple[Any, Any, str, Any]] = [
        (Task.objects.filter(which, due, ended_at=None), TaskStep, "task",
         task_actions.hand_over_planned),
        (Complaint.objects.filter(which, solved_at=None), ComplaintStep, "complaint",
         complaint_actions.hand_over_planned),
    ]  # fmt: skip
    for rows, steps, name, deed in found:
        if only is not None:
            rows = rows.filter(pk__in=steps.objects.filter(**since, **only).values(name))
        if but is not None:
            rows = rows.exclude(pk__in=steps.objects.filter(**since, **but).values(name))
        for each in rows.order_by("pk"):
            yield each, partial(_hand, deed, each, because, actor, at)


def _hand(
    deed: Deed, held: Task | Complaint, because: str, actor: User, at: datetime, to: User
) -> None:
    deed(held, to, because, actor=actor, at=at)


def _able(person: User, customer: int) -> bool:
    try:
        demand_able(person, customer, field="to")
    except ValidationError:
        return False
    return True


def _known(person: User, customers: list[int]) -> set[int]:
    return set(known_among(person, customers).values_list("pk", flat=True))


def _served_by(person: User, at: datetime) -> list[int]:
    lasting = Q(ends=None) | Q(ends__gte=local_day(at))
    served = Assignment.objects.filter(lasting, representative__user=person)
    return list(served.values_list("customer", flat=True))


def _keeper(absence: Absence, customer: int, at: datetime) -> User | None:
    """Who was away, else who serves the customer today, else an owner: the first who may know."""
    people: Iterable[User] = [absence.person, *_serving(customer, at), *able_owners()]
    return next((who for who in people if who.is_active and _able(who, customer)), None)


def _serving(customer: int, at: datetime) -> list[User]:
    day = local_day(at)
    held = Assignment.objects.filter(
        Q(ends=None) | Q(ends__gte=day), starts__lte=day, customer=customer
    ).exclude(representative__user=None)
    related = held.select_related("representative__user").order_by("-starts", "-pk")
    return [each.representative.user for each in related if each.representative.user]
