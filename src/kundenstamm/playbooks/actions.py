"""What happens to playbooks: kept, switched on and off; started for a customer, and stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kundenstamm.care.rules import LONGEST_TASK
from kundenstamm.care.task_actions import Errand, drop_planned, set_planned
from kundenstamm.customers.actions import demand_known
from kundenstamm.customers.models import Customer, Link
from kundenstamm.customers.timeline import local_day
from kundenstamm.guard.models import User
from kundenstamm.guard.normalising import one_spelling
from kundenstamm.guard.rights import Right, demand, may
from kundenstamm.lifecycle.models import StageChange
from kundenstamm.playbooks import queries
from kundenstamm.playbooks.models import Play, Playbook, PlaybookStep, PlayTask
from kundenstamm.playbooks.owning import Owners
from kundenstamm.playbooks.rules import MOST_STEPS, STAGES

Function, End = PlaybookStep.Function, Play.End


@dataclass(frozen=True)
class Draft:
    """A step as somebody writes it: what, whose function, or who, and after how many days."""

    what: str
    function: str
    due_days: int
    person: User | None = None


@transaction.atomic
def keep_playbook(
    stage: str, link: str, steps: Sequence[Draft], *, actor: User, at: datetime
) -> Playbook:
    """These steps in this order from now on; tasks that were made already stay as they are.

    Raises
    ------
    Forbidden
        The actor may not keep the company's settings.
    ValidationError
        There is no such stage or link, there are no steps or too many, or one is not whole.
    """
    demand(actor, Right.COMPANY)
    if stage not in STAGES or (link and link not in Link.values):
        raise ValidationError(_("There is no playbook for this."))
    if not steps:
        raise ValidationError(_("Write at least one step."))
    if len(steps) > MOST_STEPS:
        raise ValidationError(_("These are too many steps. Keep to %(n)s.") % {"n": MOST_STEPS})
    made, _new = Playbook.objects.get_or_create(stage=stage, link=link)
    held = Playbook.objects.select_for_update().get(pk=made.pk)
    held.steps.all().delete()
    for position, draft in enumerate(steps, start=1):
        _write(held, position, draft)
    return held


def switch_on(playbook: Playbook, *, actor: User, at: datetime) -> None:
    """It starts for whoever enters the stage from now on, and for nobody who is there already.

    Raises
    ------
    Forbidden
        The actor may not keep the company's settings.
    """
    demand(actor, Right.COMPANY)
    if not playbook.on:
        playbook.switched_on_at = at
        playbook.save(update_fields=["switched_on_at"])


def switch_off(playbook: Playbook, *, actor: User, at: datetime) -> None:
    """It starts no more; what was started goes on. Raises as `switch_on`."""
    demand(actor, Right.COMPANY)
    playbook.switched_on_at = None
    playbook.save(update_fields=["switched_on_at"])


@transaction.atomic
def start(customer: Customer, playbook: Playbook, *, actor: User, at: datetime) -> Play:
    """Begin with a customer by hand, whatever stage it is in.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It is switched off or another link's, another one is running, the customer was not valued
        yet, or nobody could do it.
    """
    demand(actor, Right.RECORD)
    demand_known(customer.pk, actor)
    if not playbook.on or playbook.link not in ("", customer.link):
        raise ValidationError(_("This playbook is not for this customer. Choose another one."))
    change = StageChange.objects.filter(customer=customer).order_by("-pk").first()
    if change is None:
        raise ValidationError(_("The customer has no stage yet: the next valuation tells it."))
    made = begin(customer, playbook, change, by_hand=True, actor=actor, at=at)
    if made is None:
        raise ValidationError(_("Nobody who records may know of this customer."))
    return made


@transaction.atomic
def stop(play: Play, because: str, *, actor: User, at: datetime) -> int:
    """End it with a reason; steps that nobody has begun are withdrawn: how many.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It has ended already, or there is no reason.
    """
    demand(actor, Right.RECORD)
    demand_known(play.customer_id, actor)
    said = one_spelling(because)[:LONGEST_TASK]
    if not said:
        raise ValidationError({"because": _("Say why.")})
    return conclude(play, End.STOPPED, said, actor=actor, at=at)


@transaction.atomic
def begin(
    customer: Customer, playbook: Playbook, change: StageChange, *,
    by_hand: bool, actor: User, at: datetime,
) -> Play | None:  # fmt: skip
    """Make the tasks, due from today on; None where nobody could do one of them.

    On behalf of the company: whether the actor may is asked by `start`.

    Raises
    ------
    ValidationError
        Another playbook is running for the customer.
    """
    day = local_day(at)
    owners, steps = Owners(customer, day), list(playbook.steps.select_related("person"))
    whose = [owners.of(step) for step in steps]
    if not steps or None in whose:
        return None
    _settle(customer, actor=actor, at=at)
    play = _began(customer, playbook, change, by_hand=by_hand, actor=actor, at=at)
    for step, owner in zip(steps, whose, strict=True):
        assert owner is not None  # noqa: S101
        errand = Errand(step.what, day + timedelta(days=step.due_days), owner)
        task = set_planned(customer, errand, actor=actor, at=at)
        PlayTask.objects.create(play=play, customer=customer, task=task, position=step.position)
    return play


@transaction.atomic
def conclude(play: Play, end: Play.End, because: str = "", *, actor: User, at: datetime) -> int:
    """End it and withdraw the steps that nobody has begun; how many. Raises as `stop`."""
    held = Play.objects.select_for_update(of=("self",)).get(pk=play.pk)
    if held.ended_at is not None:
        raise ValidationError(_("This playbook has ended already."))
    left = list(queries.not_begun(held))
    for task in left:
        drop_planned(task, because or str(end.label), actor=actor, at=at)
    held.ended_at, held.ended_by, held.end = at, actor, end
    held.put("because", because)
    held.save(update_fields=["ended_at", "ended_by", "end", "because", "because_index"])
    return len(left)


def _settle(customer: Customer, *, actor: User, at: datetime) -> None:
    """One of which nothing is left to do makes way for the next."""
    for play in Play.objects.running().filter(customer=customer):
        if play.tasks.filter(task__ended_at=None).exists():
            raise ValidationError(_("A playbook is running already. Stop it first."))
        conclude(play, End.FINISHED, actor=actor, at=at)


def _began(
    customer: Customer, playbook: Playbook, change: StageChange, *,
    by_hand: bool, actor: User, at: datetime,
) -> Play:  # fmt: skip
    """Of two who start at once, the second is told of the first."""
    try:
        with transaction.atomic():
            return Play.objects.create(
                customer=customer, playbook=playbook, change=change, by_hand=by_hand,
                started_at=at, started_by=actor,
            )  # fmt: skip
    except IntegrityError:
        raise ValidationError(_("A playbook is running already. Stop it first.")) from None


def _write(playbook: Playbook, position: int, draft: Draft) -> None:
    what = one_spelling(draft.what)
    if draft.person is not None and not may(draft.person, Right.RECORD):
        raise ValidationError(
            _("%(name)s's role does not record with customers. Choose somebody else.")
            % {"name": draft.person.name}
        )
    made = PlaybookStep(
        playbook=playbook, position=position, what=what, function=draft.function,
        person=draft.person, due_days=draft.due_days,
    )  # fmt: skip
    made.full_clean(exclude=["playbook"])
    made.save()
