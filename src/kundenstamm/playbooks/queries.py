"""Which playbooks there are, and what became of those that were started."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet

from kundenstamm.care.models import Task, TaskStep
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.lifecycle.models import Stage, StageChange
from kundenstamm.playbooks.models import Play, Playbook, PlayTask
from kundenstamm.playbooks.rules import STAGES, Progress

Key = tuple[str, str]


@dataclass(frozen=True)
class Started:
    """A play with its tasks, in the order of its steps."""

    of: Play
    tasks: list[Task]

    @property
    def progress(self) -> Progress:
        done = sum(each.ended and not each.dropped for each in self.tasks)
        return Progress(done, len(self.tasks), sum(not each.ended for each in self.tasks))


def playbooks() -> dict[Key, Playbook]:
    """All that were kept, by stage and link, each with its steps."""
    found = Playbook.objects.prefetch_related("steps__person")
    return {(each.stage, each.link): each for each in found}


def switched_on() -> dict[Key, Playbook]:
    """Those that start."""
    return {key: each for key, each in playbooks().items() if each.on}


def running(actor: User) -> dict[int, int]:
    """By playbook: for how many customers that the actor knows it is running."""
    found = Play.objects.visible_to(actor).running().order_by().values("playbook")
    return {row["playbook"]: row["number"] for row in found.annotate(number=Count("pk"))}


def entered(actor: User, since: date) -> dict[Key, int]:
    """By stage and link: how many customers, of those the actor knows, entered since a day."""
    found = StageChange.objects.visible_to(actor).filter(since__gte=since).order_by()
    rows = found.values("stage", "customer__link").annotate(number=Count("pk"))
    return {(row["stage"], row["customer__link"]): row["number"] for row in rows}


def to_choose(link: str) -> list[Playbook]:
    """Those that can be started for a customer of a link, its own before those for every link."""
    found = Playbook.objects.exclude(switched_on_at=None).filter(link__in=["", link])
    order = list(STAGES)
    return sorted(found, key=lambda each: (order.index(Stage(each.stage)), not each.link))


def newest(actor: User, customer: Customer) -> Started | None:
    """The playbook that runs for a customer, or the one that ended last."""
    found = Play.objects.visible_to(actor).filter(customer=customer)
    related = found.select_related("playbook", "change", "started_by", "ended_by")
    play = related.order_by("-pk").first()
    return Started(play, _tasks(actor, play)) if play else None


def play_of(actor: User, task: Task) -> Play | None:
    """Of which playbook a task is a step."""
    found = PlayTask.objects.visible_to(actor).filter(task=task)
    step = found.select_related("play__playbook").first()
    return step.play if step else None


def not_begun(play: Play) -> QuerySet[Task]:
    """Open tasks that nobody has put off or handed over: with these nobody has done anything."""
    touched = TaskStep.objects.filter(task=OuterRef("pk"))
    found = Task.objects.filter(of_play__play=play, ended_at=None)
    return found.filter(~Exists(touched)).order_by("of_play__position")


def _tasks(actor: User, play: Play) -> list[Task]:
    found = Task.objects.visible_to(actor).filter(of_play__play=play)
    return list(found.select_related("owner").order_by("of_play__position"))
