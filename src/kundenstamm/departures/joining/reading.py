"""What to read about customers that one has taken over: the weightiest first, ticked off once seen.

Nothing is stored: whom one has taken over follows from who served them before, and what was read
from the reader's own openings in the audit.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from kundenstamm.care.models import Complaint, Interaction, Task
from kundenstamm.customers.models import (
    Assignment,
    BulkAct,
    BulkChange,
    Contact,
    Customer,
    Representative,
)
from kundenstamm.customers.queries import opened_since
from kundenstamm.customers.timeline import local_day
from kundenstamm.departures.bound import values
from kundenstamm.departures.models import KnowledgeSheet
from kundenstamm.departures.sheets import sheets
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.worth.handover.joining import reading_weight

# So long a customer is new to whoever took it over.
NEW = timedelta(days=120)
TALKS = timedelta(days=730)


@dataclass(frozen=True)
class ToRead:
    """One customer. ``since``: from when on it is the reader's; ``promises``: open tasks that were
    set before; ``first``: when the first of the reader's own open tasks is due."""

    customer: Customer
    value: Decimal
    since: date
    read: bool
    complaints: int
    promises: int
    talks: int
    last: date | None
    first: date | None
    contact: Contact | None
    sheet: KnowledgeSheet | None

    @property
    def weight(self) -> float:
        return reading_weight(float(self.value), self.complaints, self.promises, self.talks)


def has_new_customers(actor: User, day: date) -> bool:
    return may(actor, Right.RECORD) and _taken_over(actor, day).exists()


def reading_list(actor: User, at: datetime) -> list[ToRead]:
    """The actor's own new customers: what is not read yet first, then by weight."""
    if not may(actor, Right.RECORD):
        return []
    since = dict(
        _taken_over(actor, local_day(at))
        .order_by()
        .values_list("customer")
        .annotate(first=Min("starts"))
    )
    customers = list(Customer.objects.visible_to(actor).filter(pk__in=since).order_by("pk"))
    told = _Told(actor, [each.pk for each in customers], since, at)
    worth = values(actor, customers)
    rows = [told.of(each, worth.get(each.pk, Decimal(0))) for each in customers]
    return sorted(rows, key=lambda row: (row.read, -row.weight, row.customer.pk))


def _taken_over(actor: User, day: date) -> QuerySet[Assignment]:
    """From somebody else, or by an act of handing over; what was always the actor's is not new."""
    began, me = day - NEW, Representative.objects.filter(user=actor).first()
    if me is None:
        return Assignment.objects.none()
    before = Assignment.objects.visible_to(actor).filter(
        customer=OuterRef("customer"), ends__lt=OuterRef("starts"), ends__gte=began
    )
    given = BulkChange.objects.visible_to(actor).filter(
        customer=OuterRef("customer"), act__kind=BulkAct.Kind.HAND_OVER, undone_at=None,
        act__told__representative=me.pk,
    )  # fmt: skip
    own = Assignment.objects.visible_to(actor).filter(
        Q(ends=None) | Q(ends__gte=day), representative=me, starts__gte=began,
        customer__withdrawn=False,
    )  # fmt: skip
    return own.filter(Exists(before.exclude(representative=me)) | Exists(given))


class _Told:
    """What there is to know of each customer, read once for all of them."""

    def __init__(
        self, actor: User, customers: list[int], since: dict[int, date], at: datetime
    ) -> None:
        among, self._since = {"customer__in": customers}, since
        self._read = opened_since(actor, customers, at - NEW)
        complaints = Complaint.objects.visible_to(actor).filter(solved_at=None, **among)
        self._complaints = Counter(complaints.values_list("customer", flat=True))
        tasks = Task.objects.visible_to(actor).filter(ended_at=None, **among)
        self._promises: Counter[int] = Counter()
        for customer, made in tasks.values_list("customer", "created_at"):
            self._promises[customer] += local_day(made) < since[customer]
        mine = tasks.filter(owner=actor).order_by().values_list("customer")
        self._first = dict(mine.annotate(first=Min("due")))
        talks = Interaction.objects.visible_to(actor).standing().filter(reached=True, **among)
        talks = talks.filter(day__gt=local_day(at) - TALKS).order_by()
        counted = talks.values_list("customer").annotate(number=Count("pk"), last=Max("day"))
        self._talks = {pk: (number, last) for pk, number, last in counted}
        contacts = Contact.objects.visible_to(actor).standing().filter(**among).main_first()
        self._contacts: dict[int, Contact] = {}
        for contact in contacts:
            self._contacts.setdefault(contact.customer_id, contact)
        self._sheets = {each.customer_id: each for each in sheets(actor).filter(**among)}

    def of(self, customer: Customer, value: Decimal) -> ToRead:
        talks, last = self._talks.get(customer.pk, (0, None))
        return ToRead(
            customer, value, self._since[customer.pk], customer.pk in self._read,
            self._complaints[customer.pk], self._promises[customer.pk], talks, last,
            self._first.get(customer.pk), self._contacts.get(customer.pk),
            self._sheets.get(customer.pk),
        )  # fmt: skip
