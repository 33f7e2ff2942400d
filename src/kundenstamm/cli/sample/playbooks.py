"""Two playbooks of the sample company: for dealers who became regulars, and for end customers at
risk; and a few of the last month, as they would have started by themselves.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from kundenstamm.care.models import Task
from kundenstamm.care.task_actions import finish
from kundenstamm.customers.models import Link
from kundenstamm.guard.models import User
from kundenstamm.lifecycle.models import Stage, StageChange
from kundenstamm.playbooks.actions import Draft, begin, keep_playbook, switch_on
from kundenstamm.playbooks.models import Playbook
from kundenstamm.playbooks.proposals import PROPOSALS

BOOKS = ((Stage.REGULAR, Link.DEALER), (Stage.AT_RISK, Link.END_CUSTOMER))
ON_SINCE = timedelta(days=30)
OF_EACH = 3
# Of what was due by now, every third step is late.
DONE_OF = 3


@transaction.atomic
def play(*, actor: User, at: datetime) -> None:
    """Switch them on a month ago, once, and start them for a few customers."""
    if Playbook.objects.exists():
        return
    since = at - ON_SINCE
    for stage, link in BOOKS:
        with translation.override(settings.LANGUAGE_CODE):
            book = _kept(stage, link, actor, since)
        for change in _entered(stage, link, timezone.localdate(since)):
            then = min(_morning_after(change.since), at)
            begin(change.customer, book, change, by_hand=False, actor=actor, at=then)
    _work(timezone.localdate(at), at)


def _kept(stage: Stage, link: Link, actor: User, at: datetime) -> Playbook:
    proposed = PROPOSALS[stage, link]
    drafts = [Draft(each.what, each.function, each.due_days) for each in proposed]
    made = keep_playbook(stage, link, drafts, actor=actor, at=at)
    switch_on(made, actor=actor, at=at)
    return made


def _entered(stage: Stage, link: Link, since: date) -> list[StageChange]:
    """Anna's customers first, so that there is something to see on her day."""
    annas = Q(customer__assignments__representative__user__email="anna@example.com")
    found = StageChange.objects.filter(
        stage=stage, customer__link=link, since__gte=since, customer__confidential=False,
        customer__assignments__ends=None,
        customer__assignments__representative__user__is_active=True,
    )  # fmt: skip
    related = found.select_related("customer").order_by("pk")
    first = list(related.filter(annas).distinct()[:OF_EACH])
    others = related.exclude(pk__in=[each.pk for each in first]).distinct()
    return [*first, *others[: OF_EACH - len(first)]]


def _work(today: date, at: datetime) -> None:
    """Most of what was due by now has been done, on its day."""
    due = Task.objects.exclude(of_play=None).filter(ended_at=None, due__lte=today)
    for n, task in enumerate(due.select_related("owner").by_due(), start=1):
        if n % DONE_OF:
            finish(task, actor=task.owner, at=min(_morning_after(task.due), at))


def _morning_after(day: date) -> datetime:
    """When the office opens on the day after."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time(8)))
