"""A take-over is undone: what was done along with it is taken back, as far as it still is so."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kundenstamm.care import complaint_actions, task_actions
from kundenstamm.care.models import Complaint, ComplaintStep, Task, TaskStep
from kundenstamm.customers.models import BulkAct, BulkChange, Grant
from kundenstamm.departures.joining.taking_over import ALONG
from kundenstamm.guard.models import User


def take_back_along(act: BulkAct, changes: list[BulkChange], actor: User, at: datetime) -> None:
    """First contacts that were not made are dropped, what went along goes back, openings end.

    All of it bears the moment of the act. What the newcomer has done since stays, and a customer
    that stays with the newcomer keeps its tasks.
    """
    if not act.told.get(ALONG):
        return
    customers = [each.customer_id for each in changes]
    because = _("The take-over was undone")
    made = Task.objects.visible_to(actor).filter(customer__in=customers, ended_at=None)
    for task in made.filter(created_by=act.done_by, created_at=act.done_at).order_by("pk"):
        task_actions.drop(task, because, actor=actor, at=at)
    passed = {"customer__in": customers, "by": act.done_by, "at": act.done_at}
    steps = TaskStep.objects.visible_to(actor).filter(kind=TaskStep.Kind.HANDED_OVER, **passed)
    for step in steps.filter(task__ended_at=None).select_related("task", "from_owner"):
        if step.task.owner_id == step.to_owner_id:
            _back(task_actions.hand_over, step.task, step.from_owner, because, actor, at)
    kept = ComplaintStep.objects.visible_to(actor).filter(
        kind=ComplaintStep.Kind.HANDED_OVER, **passed
    )
    for one in kept.filter(complaint__solved_at=None).select_related("complaint", "from_owner"):
        if one.complaint.owner_id == one.to_owner_id:
            _back(complaint_actions.hand_over, one.complaint, one.from_owner, because, actor, at)
    given = Grant.objects.visible_to(actor).filter(customer__in=customers, given_by=act.done_by)
    given.filter(starts_at=act.done_at, ends_at__gt=at).update(ends_at=at)


def _back(
    hand_over: Any, thing: Task | Complaint, to: User | None, because: str, actor: User,
    at: datetime,
) -> None:  # fmt: skip
    """To whose it was; if they cannot have it any more, to the actor rather than to nobody."""
    for who in (to, actor):
        if who is not None:
            with suppress(ValidationError):
                hand_over(thing, who, because, actor=actor, at=at)
                return
