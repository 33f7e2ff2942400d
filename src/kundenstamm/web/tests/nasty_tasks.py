"""Tasks, playbooks and pursuits whose words are attacks, with their pages' addresses."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from kundenstamm.care.models import Task
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.playbooks.actions import Draft, keep_playbook, start, switch_on
from kundenstamm.pursuits.models import (
    Pursuit,
    PursuitChange,
    PursuitSpending,
    PursuitStep,
    Scenario,
)
from kundenstamm.web.tests.conftest import NASTY


def page_of_task(customer):
    """One that is an attack; it stands on the lists, too."""
    made = customer.tasks.first()
    if made is None:
        told = {"owner": User.objects.first(), "created_by": User.objects.first()}
        made = Task(customer=customer, due=date(2020, 1, 1), created_at=customer.created_at, **told)
        made.put("what", NASTY)
        made.save()
    return reverse("task", args=[made.key])


def page_of_playbook(customer):
    """A step that is an attack, and where it was started for the customer."""
    by = {"actor": User.objects.first(), "at": customer.created_at}
    if not customer.plays.exists():
        made = keep_playbook("new", "", [Draft(NASTY, "service", 3)], **by)
        switch_on(made, **by)
        start(customer, made, **by)
    return reverse("playbook", args=["new", "any"])


def pages_of_pursuit(customer):
    """A sheet whose step, spending and change are attacks; and where another one would begin."""
    if not customer.pursuits.exists():
        who = User.objects.first()
        made = Pursuit.objects.create(
            customer=customer, owner=who, turnover=9_000, margin="0.4", opened_by=who,
            first_month=date(2020, 1, 1), opened_at=customer.created_at, state="go",
            figures={"turnover": 9_000, "comparable": 0},
        )  # fmt: skip
        of, by = {"pursuit": made, "customer": customer}, {"at": customer.created_at, "by": who}
        rows = (
            (PursuitStep(position=1, **of), "what"),
            (PursuitSpending(day=date(2020, 1, 1), money=1, cost=1, booked_by=who,
                             booked_at=customer.created_at, **of), "what"),
            (PursuitChange(before="parked", after="considering", **of, **by), "because"),
        )  # fmt: skip
        for row, column in rows:
            row.put(column, NASTY)
            row.save()
        scenario = Scenario(owner=who, name=NASTY[:80], made_at=customer.created_at)
        scenario.put("note", NASTY)
        scenario.save()
    another = Customer.objects.exclude(pk=customer.pk).order_by("pk").first()
    return {
        "pursuit": reverse("pursuit", args=[customer.pursuits.get().key]),
        "pursue": reverse("pursue", args=[another.key]),
        "scenario": reverse("scenario", args=[Scenario.objects.first().key]),
    }
