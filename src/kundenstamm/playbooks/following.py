"""Playbooks follow the stages: who enters one is taken care of, who leaves is left in peace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from kundenstamm.care.models import Task
from kundenstamm.customers.timeline import local_day
from kundenstamm.guard.models import User
from kundenstamm.lifecycle.models import StageChange, ValuationRun
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.playbooks import rules
from kundenstamm.playbooks.actions import begin, conclude
from kundenstamm.playbooks.models import Following, Play, Playbook
from kundenstamm.playbooks.queries import Key, switched_on


def follow_due(*, actor: User, at: datetime) -> Following | None:
    """Follow the newest valuation, once; None where that was done, or before the first one."""
    run, before = latest_run(), Following.objects.order_by("-id").first()
    if run is None or (before is not None and before.run_id == run.pk):
        return None
    return follow(actor=actor, at=at)


@transaction.atomic
def follow(*, actor: User, at: datetime) -> Following | None:
    """End what belongs to a stage that was left, then start for whoever entered one.

    All customers, not only those ``actor`` may see, as the valuation does; each task's owner may
    know of its customer. Run again, it does nothing again. None before the first valuation.
    """
    _take_turns()
    run = latest_run()
    if run is None:
        return None
    for play in _finished():
        conclude(play, Play.End.FINISHED, actor=actor, at=at)
    left = list(_left())
    for play in left:
        conclude(play, Play.End.LEFT, actor=actor, at=at)
    started = nobody = 0
    for change, playbook in _to_start():
        try:
            made = begin(change.customer, playbook, change, by_hand=False, actor=actor, at=at)
        except ValidationError:  # somebody has started one by hand in this moment
            continue
        started, nobody = started + (made is not None), nobody + (made is None)
    told = {"started": started, "left": len(left), "nobody": nobody}
    return Following.objects.create(run=run, actor=actor, made_at=at, **told)


def _finished() -> QuerySet[Play]:
    waiting = Task.objects.filter(of_play__play=OuterRef("pk"), ended_at=None)
    return Play.objects.running().filter(~Exists(waiting))


def _left() -> QuerySet[Play]:
    """Those whose customer has entered another stage since they began."""
    later = StageChange.objects.filter(customer=OuterRef("customer"), pk__gt=OuterRef("change"))
    return Play.objects.running().filter(Exists(later)).order_by("pk")


def _to_start() -> Iterator[tuple[StageChange, Playbook]]:
    """Each customer whose present stage was entered after its playbook was switched on.

    Of customers that are seen for the first time the day since when the stage holds counts, too;
    and the very first valuation starts nothing: it finds everybody in a stage, and nobody has
    entered one.
    """
    books = switched_on()
    moments = [each.switched_on_at for each in books.values() if each.switched_on_at]
    if not moments:
        return
    for change in _entries(min(moments)):
        on_by_then = {key: each for key, each in books.items() if _counts(change, each)}
        key: Key = (change.stage, change.customer.link)
        if (playbook := rules.fitting(on_by_then, *key)) is not None:
            yield change, playbook


def _counts(change: StageChange, playbook: Playbook) -> bool:
    since = playbook.switched_on_at
    if since is None:
        return False
    if change.run.made_at < since:
        return False
    # Who was seen in another stage before has entered this one between two valuations.
    return bool(getattr(change, "seen_before", False)) or change.since >= local_day(since)


def _entries(first: datetime) -> QuerySet[StageChange]:
    """Present stages that were entered since a moment and have had no playbook yet."""
    later = StageChange.objects.filter(customer=OuterRef("customer"), pk__gt=OuterRef("pk"))
    had = Play.objects.filter(change=OuterRef("pk"))
    before = StageChange.objects.filter(customer=OuterRef("customer"), pk__lt=OuterRef("pk"))
    very_first = ValuationRun.objects.order_by("pk").values("pk")[:1]
    busy = Play.objects.running().filter(customer=OuterRef("customer"))
    found = StageChange.objects.annotate(seen_before=Exists(before)).filter(
        Q(seen_before=True) | Q(since__gte=local_day(first)),
        ~Exists(later), ~Exists(had), ~Exists(busy), customer__withdrawn=False,
        run__made_at__gte=first,
    ).exclude(run__in=very_first)  # fmt: skip
    return found.select_related("customer", "run").order_by("pk")


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kundenstamm playbooks'))")
