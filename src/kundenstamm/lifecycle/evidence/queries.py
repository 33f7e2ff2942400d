"""Which judgement? Sums over everybody, so for those only who see everybody."""

from __future__ import annotations

from django.db.models import Q
from procrastinate.contrib.django.models import ProcrastinateJob

from kundenstamm.guard.models import User
from kundenstamm.guard.queries import sees_whole_base
from kundenstamm.guard.rights import WORDS, Forbidden, Reach
from kundenstamm.lifecycle.models import Evidence

# At most one judgement waits at a time: the name of the queueing lock.
QUEUE_LOCK = "judge"


def latest_evidence(actor: User) -> Evidence | None:
    """The newest judgement; None before the first one.

    Raises
    ------
    Forbidden
        Some customer is kept from the actor, who is therefore shown no sum over everybody.
    """
    if not sees_whole_base(actor):
        raise Forbidden(str(WORDS[Reach.ALL]))
    return Evidence.objects.order_by("-id").first()


def is_being_judged() -> bool:
    """Whether a judgement waits or runs; what a worker left behind when it was killed does not."""
    runs = Q(status="todo") | Q(status="doing", worker__isnull=False)
    return bool(ProcrastinateJob.objects.filter(runs, queueing_lock=QUEUE_LOCK).exists())
