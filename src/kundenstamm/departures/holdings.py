"""What is somebody's by now, and whose it becomes: nothing is left without an owner.

For a departure that ends at night by a job, which knows all customers, and for one that ends by a
button, which gives what its actor knows; the job does the rest within minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from kundenstamm.care import complaint_actions, task_actions
from kundenstamm.care.models import Complaint, Task
from kundenstamm.care.standing_in import demand_able
from kundenstamm.customers.models import Assignment, Customer, Grant, Representative
from kundenstamm.departures.models import Departure, HandoverLine
from kundenstamm.guard.models import Role, User
from kundenstamm.guard.people import able_owners
from kundenstamm.guard.people_actions import Refused
from kundenstamm.guard.rights import Reach, Right, may, reach_of
from kundenstamm.playbooks.models import PlaybookStep
from kundenstamm.pursuits.actions import give as give_pursuit
from kundenstamm.pursuits.actions import may_own
from kundenstamm.pursuits.models import Pursuit


def lasting_assignments(person: User, day: date) -> list[Assignment]:
    """Whom the person serves on a day or will serve later."""
    found = Assignment.objects.filter(
        Q(ends=None) | Q(ends__gte=day), representative__user=person
    ).select_related("customer")
    return list(found.order_by("pk"))


def held_by(person: User, day: date) -> dict[str, int]:
    """What is still the person's, by kind; empty after a departure."""
    counts = {
        "customers": len(lasting_assignments(person, day)),
        "tasks": Task.objects.filter(owner=person, ended_at=None).count(),
        "complaints": Complaint.objects.filter(owner=person, solved_at=None).count(),
        "pursuits": Pursuit.objects.open().filter(owner=person).count(),
        "playbook steps": PlaybookStep.objects.filter(person=person).count(),
    }
    return {name: count for name, count in counts.items() if count}


class Heirs:
    """Who gets what of a departure: the successor of the line, else who serves the customer, the
    deputy, who leads the person, an owner; always somebody who may know the customer."""

    def __init__(self, departure: Departure, actor: User, at: datetime) -> None:
        self._of, self._actor, self._at = departure, actor, at
        lines = HandoverLine.objects.filter(departure=departure)
        related = lines.select_related("chosen__user", "proposed__user")
        self._lines = {each.customer_id: each for each in related}
        self._general = [who for who in self._standing_in() if self._fits(who)]
        if not self._general:
            raise Refused(_("There is nobody who could go on with what this person has."))

    def representative(self, customer: Customer) -> Representative:
        """Who serves the customer from now on."""
        line = self._lines.get(customer.pk)
        for each in (line.chosen, line.proposed) if line else ():
            if each is not None and each.user is not None and self._fits(each.user):
                return each
        return representative_for(self._general[0])

    def owner(self, customer: int) -> User:
        """Who gets a task, complaint or pursuit of the customer: opened to them if it must be."""
        for who in [*self._near(customer), *self._general]:
            try:
                demand_able(who, customer, field="owner")
            except ValidationError:
                continue
            return who
        self.open_to(self._general[0], customer)
        return self._general[0]

    def open_to(self, person: User, customer: int) -> None:
        """A confidential customer that nobody would know otherwise."""
        Grant.objects.create(
            person=person, customer_id=customer, kind=Grant.Kind.OPEN, starts_at=self._at,
            given_by=self._actor, reason=_("Somebody who knew this customer has left"),
        )  # fmt: skip

    @property
    def general(self) -> User:
        """Who gets what belongs to no customer."""
        return self._general[0]

    def _near(self, customer: int) -> Iterator[User]:
        line = self._lines.get(customer)
        held = [each.user for each in (line.chosen, line.proposed) if each] if line else []
        serving = Assignment.objects.filter(Q(ends=None), customer=customer).exclude(
            representative__user=None
        )
        related = serving.select_related("representative__user").order_by("-starts", "-pk")
        people = [*held, *(each.representative.user for each in related)]
        return (who for who in people if who is not None and self._fits(who))

    def _standing_in(self) -> Iterable[User]:
        if self._of.deputy is not None:
            yield self._of.deputy
        yield from (
            User.objects.filter(role=Role.SALES_LEAD, is_active=True, teams__in=self._of.teams)
            .distinct()
            .order_by("pk")
        )
        yield from able_owners().order_by("pk")
        yield self._actor

    def _fits(self, who: User) -> bool:
        return who.is_active and who.pk != self._of.person_id and may(who, Right.RECORD)


def pass_on_all(departure: Departure, heirs: Heirs, *, actor: User, at: datetime) -> None:
    """Tasks, complaints, pursuits, steps of playbooks: each has another owner afterwards."""
    person, because = departure.person, _("Has left the company")
    for task in Task.objects.filter(owner=person, ended_at=None).order_by("pk"):
        to = heirs.owner(task.customer_id)
        task_actions.hand_over_planned(task, to, because, actor=actor, at=at)
    for complaint in Complaint.objects.filter(owner=person, solved_at=None).order_by("pk"):
        to = heirs.owner(complaint.customer_id)
        complaint_actions.hand_over_planned(complaint, to, because, actor=actor, at=at)
    for pursuit in Pursuit.objects.open().filter(owner=person).order_by("pk"):
        give_pursuit(pursuit, _pursuer(pursuit, heirs), actor=actor, at=at)
    PlaybookStep.objects.filter(person=person).update(person=heirs.general)


def _pursuer(pursuit: Pursuit, heirs: Heirs) -> User:
    near = heirs.owner(pursuit.customer_id)
    if may_own(near, pursuit.customer_id) or not may(heirs.general, Right.PURSUE):
        return near
    return heirs.general


def keep_known(person: User, heirs: Heirs, *, at: datetime) -> None:
    """Confidential customers that only the person knows are opened to somebody else first.

    Whoever knows one for some days only, to be introduced or as a deputy, does not count.
    """
    opened = Grant.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), kind=Grant.Kind.OPEN)
    for customer in set(
        opened.filter(person=person, customer__confidential=True).values_list("customer", flat=True)
    ):
        others = opened.filter(customer=customer, ends_at=None, person__is_active=True)
        others = others.exclude(person=person)
        if not any(reach_of(each.person) is not Reach.NONE for each in others):
            heirs.open_to(heirs.general, customer)


def representative_for(person: User) -> Representative:
    """As whom somebody serves; made where there is nobody yet."""
    found = Representative.objects.filter(user=person).first()
    if found is not None:
        return found
    return Representative.objects.create(code=person.email[:60], name=person.name, user=person)
