"""Who does a step: by function, among those who may know the customer."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Count, Q

from kundenstamm.care.models import Task
from kundenstamm.care.standing_in import demand_able
from kundenstamm.customers.models import Assignment, Customer
from kundenstamm.guard.models import Role, User
from kundenstamm.guard.people import who_records
from kundenstamm.playbooks.models import PlaybookStep

# Where there is nobody of that function: who leads them, who answers the phone, whose firm it is.
STAND_INS = (Role.SALES_LEAD, Role.SERVICE, Role.OWNER)


class Owners:
    """Who does the steps for one customer on a day; each function is looked up once."""

    def __init__(self, customer: Customer, day: date) -> None:
        self._customer, self._day = customer, day
        self._found: dict[Role, User | None] = {}

    def of(self, step: PlaybookStep) -> User | None:
        """Somebody who records and may know the customer; None where there is nobody at all."""
        if step.person is not None and self._able(step.person):
            return step.person
        if step.function == PlaybookStep.Function.SERVICE and (one := self._of(Role.SERVICE)):
            return one
        if one := self._of(Role.REPRESENTATIVE):
            return one
        return next((one for role in STAND_INS if (one := self._of(role)) is not None), None)

    def _of(self, role: Role) -> User | None:
        if role not in self._found:
            found = self._serving() if role is Role.REPRESENTATIVE else _least_busy(role)
            self._found[role] = next((each for each in found if self._able(each)), None)
        return self._found[role]

    def _serving(self) -> list[User]:
        """Who serves the customer, whatever their role, the latest assignment first."""
        found = Assignment.objects.filter(
            Q(ends=None) | Q(ends__gte=self._day), customer=self._customer, starts__lte=self._day
        ).exclude(representative__user=None)
        related = found.select_related("representative__user").order_by("-starts", "-pk")
        return [each.representative.user for each in related if each.representative.user]

    def _able(self, person: User) -> bool:
        try:
            demand_able(person, self._customer.pk, field="owner")
        except ValidationError:
            return False
        return True


def _least_busy(role: Role) -> list[User]:
    """Of a role, whoever has the fewest open tasks first."""
    people = list(who_records().filter(role=role))
    waiting = Task.objects.filter(ended_at=None, owner__in=people).order_by().values("owner")
    loads = {row["owner"]: row["number"] for row in waiting.annotate(number=Count("pk"))}
    return sorted(people, key=lambda each: loads.get(each.pk, 0))
