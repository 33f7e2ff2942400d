"""Allocations in the background: asked for on a page, done by the worker, told on the page."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand
from kundenstamm.kit.months import Month
from kundenstamm.lifecycle.actions import allocate_and_value
from kundenstamm.serving.costing import AllocationRefused
from kundenstamm.serving.models import AllocationJob

# What a page can see of it: between these the work commits. All else is one transaction.
STEPS = ("waiting", "allocating", "valuing", "done")
_LOCK = "allocation "


def ask_for_allocation(month: Month, *, actor: User, at: datetime) -> None:
    """Let the background worker allocate a month; asked twice while it waits, it does so once."""
    from kundenstamm.lifecycle.jobs import allocation

    demand(actor, Right.COMPANY)
    # Its own savepoint: the refusal of a second one takes its row back with it.
    with suppress(AlreadyEnqueued), transaction.atomic():
        job = AllocationJob.objects.create(month=month.first, actor=actor, asked_at=at)
        waiting = allocation.configure(queueing_lock=f"{_LOCK}{month}")
        waiting.defer(job=job.pk, at=at.isoformat())


def run_allocation(job: AllocationJob, *, at: datetime) -> None:
    """Allocate and value; what stands in the way is told on the page, in the asker's language."""
    _tell(job, state=AllocationJob.State.RUNNING, step="allocating")

    def progress(step: str) -> None:
        if step in STEPS:
            _tell(job, step=step)

    try:
        with translation.override(job.actor.language or None):
            allocate_and_value(Month(job.month), actor=job.actor, at=at, progress=progress)
    except AllocationRefused as refused:
        _tell(job, state=AllocationJob.State.FAILED, error=str(refused))
    except Exception:
        _tell(job, state=AllocationJob.State.FAILED)
        raise
    else:
        _tell(job, state=AllocationJob.State.DONE, step="done")


def months_on_the_way() -> set[str]:
    """Months whose allocation waits or runs; what a killed worker left behind does not."""
    runs = Q(status="todo") | Q(status="doing", worker__isnull=False)
    found = ProcrastinateJob.objects.filter(runs, queueing_lock__startswith=_LOCK)
    return {lock.removeprefix(_LOCK) for lock in found.values_list("queueing_lock", flat=True)}


def _tell(job: AllocationJob, **told: str) -> None:
    AllocationJob.objects.filter(pk=job.pk).update(**told)
