"""For whom sums are stored: a circle for all who know everybody, one for each who knows a part.

Jobs keep them, which see everybody; whoever is told them is told no more than they know now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from kundenstamm.acquisition import adding
from kundenstamm.acquisition.models import Arrival, Circle
from kundenstamm.customers.models import Customer, Grant
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import REACH, RIGHTS, Reach, Right

# Who knows a part and may open the page.
ROLES = [
    role
    for role, rights in RIGHTS.items()
    if Right.MARKETING in rights and REACH[role] in (Reach.TEAM, Reach.OWN)
]


@dataclass(frozen=True)
class Change:
    """One circle as it will list customers; whom to take off as they stand, and to add as new."""

    circle: Circle
    listed: Set[int]
    gone: Set[int]
    come: Set[int]

    def take_off(self) -> None:
        _count(self.circle, self.gone, -1)

    def add(self) -> None:
        _count(self.circle, self.come, +1)
        self.circle.customers = sorted(self.listed)
        self.circle.save(update_fields=["customers", "prospects"])


def fill(at: datetime) -> None:
    """All circles anew, and their sums, from the arrivals that stand there."""
    everything = Circle.objects.all()
    everything.delete()
    for person, listed in _listed(at).items():
        circle = Circle.objects.create(person_id=person, customers=sorted(listed))
        _count(circle, None if person is None else listed, +1)
        circle.save(update_fields=["prospects"])


def changes(touched: Iterable[int], at: datetime) -> list[Change]:
    """Of each circle in which somebody was touched, or that lists others than before.

    The circle of whoever does not read the page any more goes.
    """
    now = _listed(at)
    Circle.objects.filter(person__isnull=False).exclude(person__in=now.keys() - {None}).delete()
    kept = {each.person_id: each for each in Circle.objects.all()}
    for person in now.keys() - kept.keys():
        kept[person] = Circle.objects.create(person_id=person, customers=[])
    found = (_change(kept[person], listed, set(touched)) for person, listed in now.items())
    return [each for each in found if each.gone or each.come]


def _change(circle: Circle, listed: Set[int], touched: Set[int]) -> Change:
    before = set(circle.customers)
    left, new = before - listed, listed - before
    if circle.person_id is None:
        return Change(circle, listed, touched - before | new, touched - listed | left)
    return Change(circle, listed, touched & before | left, touched & listed | new)


def _listed(at: datetime) -> dict[int | None, set[int]]:
    """What each circle lists, by its person; the one without: who is in no sum."""
    readers = User.objects.filter(is_active=True, role__in=ROLES).values_list("pk", flat=True)
    return {None: _left_out(at), **dict(_known(list(readers)))}


def _known(people: list[int]) -> Iterator[tuple[int, set[int]]]:
    with connection.cursor() as cursor:
        for person in people:
            cursor.execute("SELECT customers_known_to(%s)", [person])
            yield person, set(cursor.fetchone()[0])


def _left_out(at: datetime) -> set[int]:
    """Who is kept from somebody of those who know all: confidential, or closed to a person."""
    secret = Customer.objects.filter(confidential=True).values_list("pk", flat=True)
    closed = Grant.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), kind=Grant.Kind.CLOSED)
    return {*secret, *closed.values_list("customer", flat=True)}


def _count(circle: Circle, customers: Set[int] | None, sign: int) -> None:
    """Add these to a circle's sums, or take them off; None: everybody whom it does not list."""
    prospects = Arrival.objects.filter(day=None)
    if customers is None:
        who, ids = "arrival.customer_id <> ALL(%s)", circle.customers
        prospects = prospects.exclude(customer__any_of=ids)
    else:
        who, ids = "arrival.customer_id = ANY(%s)", sorted(customers)
        prospects = prospects.filter(customer__any_of=ids)
    if ids or customers is None:
        adding.store(circle.pk, who, [ids], sign)
        circle.prospects += sign * prospects.count()
