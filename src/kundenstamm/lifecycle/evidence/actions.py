"""What happens: the estimates are judged."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand
from kundenstamm.lifecycle.evidence.judging import judgement
from kundenstamm.lifecycle.frames.purchases import purchases
from kundenstamm.lifecycle.models import Evidence


def judge(*, as_of: date, actor: User, at: datetime) -> Evidence:
    """Judge the estimators on the ledger's history up to ``as_of``, and keep what came out.

    All customers, not only those ``actor`` may see: who may read it is decided where it is read.
    A history that is too short is kept as a refusal in words.
    """
    found = judgement(purchases(as_of))
    return Evidence.objects.create(as_of=as_of, actor=actor, made_at=at, **found)


def ask_for_judgement(*, actor: User, at: datetime) -> None:
    """Let the background worker judge them anew; asked twice, it does so once."""
    from kundenstamm.lifecycle.jobs import judge as job

    demand(actor, Right.COMPANY)
    day = timezone.localtime(at).date()
    # Its own savepoint: the refusal of a second one breaks the transaction around it.
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(as_of=day.isoformat(), actor=actor.pk, at=at.isoformat())
