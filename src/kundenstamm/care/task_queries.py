"""What is to be done: by whom, until when, with what has become of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from kundenstamm.care import rules
from kundenstamm.care.models import Complaint, Task, TaskQuerySet, TaskStep
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User


@dataclass(frozen=True)
class Load:
    """How much one person has to do, as far as the reader knows the customers."""

    owner: User
    number: int
    overdue: int
    this_week: int


def tasks(actor: User) -> TaskQuerySet:
    """All that the actor may know of, the ended ones included."""
    found = Task.objects.visible_to(actor).filter(customer__withdrawn=False)
    return found.select_related("customer", "owner")


def mine(actor: User) -> TaskQuerySet:
    """What the actor is to do, the earliest first."""
    return tasks(actor).still_open().filter(owner=actor).by_due()


def of_customer(actor: User, customer: Customer) -> TaskQuerySet:
    """What was or is to be done for a customer."""
    return tasks(actor).filter(customer=customer)


def of_complaint(actor: User, complaint: Complaint) -> TaskQuerySet:
    """What was or is to be done to solve a complaint."""
    return tasks(actor).filter(complaint=complaint).order_by("ended_at", "due", "pk")


def loads(actor: User, today: date) -> list[Load]:
    """Who has how much to do, the most overdue first."""
    late = Q(due__lt=today)
    week = Q(due__gte=today, due__lte=rules.week_ends(today))
    counted = (
        tasks(actor).still_open().order_by().values("owner")
        .annotate(number=Count("pk"), late=Count("pk", filter=late), week=Count("pk", filter=week))
    )  # fmt: skip
    rows = list(counted)
    people = User.objects.in_bulk([row["owner"] for row in rows])
    found = [Load(people[r["owner"]], r["number"], r["late"], r["week"]) for r in rows]
    return sorted(found, key=lambda each: (-each.overdue, -each.number, each.owner.name))


def passed_on(actor: User, found: Iterable[Task]) -> dict[int, User]:
    """By task: who handed it to its owner last."""
    steps = TaskStep.objects.visible_to(actor).filter(
        task__in=[each.pk for each in found], kind=TaskStep.Kind.HANDED_OVER
    )
    return {each.task_id: each.by for each in steps.select_related("by").order_by("at", "pk")}


def steps(actor: User, task: Task) -> list[TaskStep]:
    """What happened to a task, in order of time."""
    found = TaskStep.objects.visible_to(actor).filter(task=task)
    return list(found.select_related("by", "from_owner", "to_owner").order_by("at", "pk"))
