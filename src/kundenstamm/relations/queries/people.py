"""What hangs on each colleague, and on single people in the whole firm.

Stored sums are over everybody, so they are told to who sees everybody. Who does not is told sums
over those whom they know, and no history: that of all others is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, DecimalField, F, Q, QuerySet, Sum
from django.db.models.functions import Cast

from kundenstamm.guard.models import User
from kundenstamm.guard.queries import known_customers, sees_whole_base
from kundenstamm.guard.rights import Reach, Right, may, reach_of
from kundenstamm.kit.digits import MONEY
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.relations.history import TREND
from kundenstamm.relations.known_sums import known_sums
from kundenstamm.relations.models import Bond, Colleague, FirmDay, PersonDay, Reckoning

NIL = Decimal(0)


@dataclass(frozen=True)
class Person:
    """Money of twelve months. ``before``: what hung on them ninety days ago, if that is told."""

    colleague: Colleague
    customers: int
    value: Decimal
    bound: Decimal
    hanging: Decimal
    before: Decimal | None = None

    @property
    def uncovered(self) -> float | None:
        """Share of what hangs on them that nobody covers."""
        return float(self.hanging / self.bound) if self.bound > 0 else None

    @property
    def trend(self) -> Decimal | None:
        return None if self.before is None else self.hanging - self.before


@dataclass(frozen=True)
class People:
    """``firm``: None for who sees their own row only; ``history``: for who sees everybody."""

    rows: list[Person]
    firm: FirmDay | None
    history: list[FirmDay]
    whole: bool
    made: Reckoning | None

    @property
    def before(self) -> FirmDay | None:
        """The firm's day nearest to ninety days ago, at least so long ago."""
        if self.firm is None:
            return None
        then = self.firm.day - TREND
        return max((each for each in self.history if each.day <= then),
                   key=lambda each: each.day, default=None)  # fmt: skip


def may_see(actor: User, colleague: Colleague) -> bool:
    """Whoever has the right sees all; everybody else themselves."""
    if reach_of(actor) is Reach.NONE:
        return False
    return may(actor, Right.RELATIONS) or colleague.user_id == actor.pk


def people(actor: User) -> People:
    """As of the last reckoning, the one on whom most hangs first."""
    made, whole = Reckoning.objects.order_by("-id").first(), sees_whole_base(actor)
    all_of_them = may(actor, Right.RELATIONS)
    if made is None or reach_of(actor) is Reach.NONE:
        return People([], None, [], whole, None)
    if not all_of_them:
        return People(_added_up(actor, Q(colleague__user=actor)), None, [], whole, made)
    if not whole and reach_of(actor) is Reach.ALL:
        return _of_nearly_all(actor, made)
    if not whole:
        rows = _added_up(actor, Q())
        return People(rows, _firm(actor, rows, made), [], whole, made)
    history = list(FirmDay.objects.order_by("day"))
    return People(_stored(made), history[-1] if history else None, history, whole, made)


def _stored(made: Reckoning) -> list[Person]:
    days = PersonDay.objects.filter(day=made.day).select_related("colleague")
    then = PersonDay.objects.filter(day__lte=made.day - TREND).order_by("-day")
    last = then.values_list("day", flat=True).first()
    before = dict(then.filter(day=last).values_list("colleague", "hanging")) if last else {}
    return [
        Person(
            each.colleague, each.customers, each.value, each.bound, each.hanging,
            before.get(each.colleague_id, NIL) if last else None,
        )
        for each in days.order_by("-hanging", "colleague__name")
    ]  # fmt: skip


def _of_nearly_all(actor: User, made: Reckoning) -> People:
    """Somebody is hidden from the actor, everybody else is known: see `known_sums`."""
    found = known_sums(actor)
    names = Colleague.objects.in_bulk(found.people)
    rows = [
        Person(names[pk], sums.customers, sums.value, sums.bound, sums.hanging)
        for pk, sums in found.people.items()
    ]
    firm = _firm_of(rows, made, found.value, found.alone)
    return People(sorted(rows, key=_most_hanging), firm, [], False, made)


def _added_up(actor: User, which: Q) -> list[Person]:
    known = Bond.objects.visible_to(actor).filter(which, colleague__here=True)
    sums = _sums(known.filter(customer__withdrawn=False))
    names = Colleague.objects.in_bulk([row["colleague"] for row in sums])
    made = [
        Person(
            names[row["colleague"]], row["customers"], row["of_value"] or NIL,
            row["of_bound"] or NIL, row["of_hanging"] or NIL,
        )
        for row in sums
    ]  # fmt: skip
    return sorted(made, key=_most_hanging)


def _most_hanging(row: Person) -> tuple[Decimal, str]:
    return -row.hanging, row.colleague.name


def _sums(bonds: QuerySet[Bond]) -> list[dict[str, Any]]:
    money = DecimalField(**MONEY)
    hangs = F("value") * Cast("bound", DecimalField(max_digits=18, decimal_places=12))
    found: Any = (
        bonds.order_by().values("colleague").annotate(
            customers=Count("pk", filter=Q(holds=True)),
            of_value=Sum("value", filter=Q(holds=True)),
            of_bound=Sum(hangs, output_field=money),
            of_hanging=Sum("hanging"),
        )
    )  # fmt: skip
    return list(found)


def _firm(actor: User, rows: list[Person], made: Reckoning) -> FirmDay:
    """Of those whom the actor knows; not stored."""
    alone = Bond.objects.visible_to(actor).held().filter(cover=0, customer__withdrawn=False)
    return _firm_of(rows, made, _expected(actor), alone.count())


def _firm_of(rows: list[Person], made: Reckoning, value: Decimal, alone: int) -> FirmDay:
    return FirmDay(
        day=made.day, value=value, known=sum((row.value for row in rows), NIL),
        bound=sum((row.bound for row in rows), NIL),
        hanging=sum((row.hanging for row in rows), NIL),
        customers=sum(row.customers for row in rows), alone=alone,
    )  # fmt: skip


def _expected(actor: User) -> Decimal:
    """Of all whom the actor knows, none below nil."""
    run = latest_run()
    if run is None:
        return NIL
    with connection.cursor() as cursor:
        known = known_customers(actor, "customer_id")
        cursor.execute(_EXPECTED.format(known=known), [run.pk])
        found: Decimal | None = cursor.fetchone()[0]
    return found or NIL


_EXPECTED = """
SELECT sum(greatest(expected_contribution, 0)) FROM lifecycle_estimate
JOIN customers_customer AS c ON c.id = customer_id AND NOT c.withdrawn
WHERE run_id = %s AND {known}
"""
