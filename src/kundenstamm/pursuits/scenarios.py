"""Scenarios are made, kept, copied and deleted, each by the one person whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Forbidden, Right, demand
from kundenstamm.pursuits.models import (
    LONGEST,
    NIL,
    Pursuit,
    Scenario,
    ScenarioHands,
    ScenarioKind,
    ScenarioPursuit,
)
from kundenstamm.pursuits.queries import pursuits
from kundenstamm.serving.models import Pool

MOST_SCENARIOS, MOST_ROWS, MOST_CUSTOMERS = 12, 6, 200
CLASSES = ("A", "B", "C")


@dataclass(frozen=True)
class Choice:
    """Of a pursuit: taken (None: as planned), from another month than its sheet's, or with so many
    more like it."""

    pursuit: Pursuit
    taken: bool | None = None
    month: date | None = None
    more: int = 0
    more_month: date | None = None


@dataclass(frozen=True)
class Further:
    """So many customers of a value class; without one, as typed."""

    number: int
    month: date
    value_class: str = ""
    turnover: Decimal = NIL
    margin: Decimal = NIL
    winning: Decimal = NIL
    minutes: Mapping[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Hired:
    """More minutes a month of a pool, and what they cost a month."""

    pool: Pool
    month: date
    minutes: Decimal
    cost: Decimal = NIL


@dataclass(frozen=True)
class Scene:
    """All that a scenario says."""

    name: str
    note: str = ""
    choices: tuple[Choice, ...] = ()
    further: tuple[Further, ...] = ()
    hired: tuple[Hired, ...] = ()


def own(actor: User) -> QuerySet[Scenario]:
    """With what it says of pursuits that the actor knows."""
    said = ScenarioPursuit.objects.visible_to(actor).select_related("pursuit__customer")
    found = Scenario.objects.filter(owner=actor)
    return found.prefetch_related(Prefetch("pursuits", said), "kinds", "hands__pool")


def own_scenario(actor: User, key: UUID) -> Scenario | None:
    return own(actor).filter(key=key).first()


@transaction.atomic
def create(scene: Scene, *, actor: User, at: datetime) -> Scenario:
    """A new one.

    Raises
    ------
    Forbidden
        The actor sees no prices.
    ValidationError
        It has no name or one that is taken, or says what cannot be.
    """
    demand(actor, Right.PRICES)
    if Scenario.objects.filter(owner=actor).count() >= MOST_SCENARIOS:
        raise ValidationError(
            _("You have %(n)s scenarios. Delete one first.") % {"n": MOST_SCENARIOS}
        )
    made = Scenario(owner=actor, made_at=at)
    _write(made, scene, actor)
    return made


@transaction.atomic
def keep(scenario: Scenario, scene: Scene, *, actor: User) -> Scenario:
    """Say it anew; what it says of pursuits that the actor may not know any more stays.

    Raises
    ------
    Forbidden
        It is not the actor's.
    ValidationError
        As `create`.
    """
    held = _held(scenario, actor)
    _write(held, scene, actor)
    return held


@transaction.atomic
def copy(scenario: Scenario, name: str, *, actor: User, at: datetime) -> Scenario:
    """The same under another name. Raises as `create` and `keep`."""
    return create(scene_of(_held(scenario, actor), name, actor), actor=actor, at=at)


@transaction.atomic
def delete(scenario: Scenario, *, actor: User) -> None:
    """For good; no pursuit changes by it.

    Raises
    ------
    Forbidden
        It is not the actor's.
    """
    _held(scenario, actor).delete()


def scene_of(scenario: Scenario, name: str, actor: User) -> Scene:
    """What a scenario says, as far as the actor may know."""
    said = ScenarioPursuit.objects.visible_to(actor).filter(scenario=scenario)
    return Scene(
        name,
        scenario.open("note"),
        tuple(
            Choice(row.pursuit, row.taken, row.month, row.more, row.more_month)
            for row in said.select_related("pursuit")
        ),
        tuple(
            Further(
                row.number, row.month, row.value_class, row.turnover, row.margin, row.winning,
                {int(pool): Decimal(told) for pool, told in row.minutes.items()},
            )
            for row in scenario.kinds.all()
        ),
        tuple(
            Hired(row.pool, row.month, row.minutes, row.cost)
            for row in scenario.hands.select_related("pool")
        ),
    )  # fmt: skip


def _held(scenario: Scenario, actor: User) -> Scenario:
    demand(actor, Right.PRICES)
    if scenario.owner_id != actor.pk:
        raise Forbidden(_("This scenario is somebody else's."))
    return Scenario.objects.select_for_update().get(pk=scenario.pk)


def _write(scenario: Scenario, scene: Scene, actor: User) -> None:
    _refuse(scene)
    scenario.name = scene.name.strip()
    scenario.put("note", scene.note.strip()[:LONGEST])
    try:
        with transaction.atomic():
            scenario.save()
    except IntegrityError:
        raise ValidationError({"name": _("You have a scenario of this name.")}) from None
    _choose(scenario, scene, actor)
    scenario.kinds.all().delete()
    ScenarioKind.objects.bulk_create(_kind(scenario, each) for each in scene.further)
    scenario.hands.all().delete()
    ScenarioHands.objects.bulk_create(
        ScenarioHands(
            scenario=scenario, pool=each.pool, month=each.month, minutes=each.minutes,
            cost=each.cost,
        )
        for each in scene.hired
    )  # fmt: skip


def _choose(scenario: Scenario, scene: Scene, actor: User) -> None:
    """Of pursuits that the actor knows: others are neither written nor taken out."""
    known = {each.pk: each for each in pursuits(actor)}
    if any(choice.pursuit.pk not in known for choice in scene.choices):
        raise Forbidden(_("This pursuit may not be known to you."))
    ScenarioPursuit.objects.visible_to(actor).filter(scenario=scenario).delete()
    ScenarioPursuit.objects.bulk_create(
        ScenarioPursuit(
            scenario=scenario, pursuit=known[each.pursuit.pk],
            customer=known[each.pursuit.pk].customer, taken=each.taken, month=each.month,
            more=each.more, more_month=each.more_month,
        )
        for each in scene.choices
        if each.taken is not None or each.month or each.more
    )  # fmt: skip


def _kind(scenario: Scenario, of: Further) -> ScenarioKind:
    """Of a class, nothing is kept that the class tells anew each time."""
    typed = not of.value_class
    return ScenarioKind(
        scenario=scenario, value_class=of.value_class, number=of.number, month=of.month,
        turnover=of.turnover if typed else NIL, margin=of.margin if typed else NIL,
        winning=of.winning,
        minutes={str(pool): str(told) for pool, told in of.minutes.items() if told > 0}
        if typed
        else {},
    )  # fmt: skip


def _refuse(scene: Scene) -> None:
    if not scene.name.strip():
        raise ValidationError({"name": _("Give it a name.")})
    if len(scene.further) > MOST_ROWS or len(scene.hired) > MOST_ROWS:
        raise ValidationError(_("These are too many rows. Keep to %(n)s.") % {"n": MOST_ROWS})
    numbers = [each.number for each in scene.further]
    numbers += [each.more for each in scene.choices if each.more]
    if any(not 1 <= number <= MOST_CUSTOMERS for number in numbers):
        raise ValidationError(
            _("Take from 1 to %(n)s further customers of a kind.") % {"n": MOST_CUSTOMERS}
        )
    for each in scene.further:
        if (
            each.value_class not in ("", *CLASSES)
            or min(each.turnover, each.winning, *each.minutes.values(), NIL) < 0
        ):
            raise ValidationError(_("No figure may be below nil."))
    if any(each.minutes <= 0 or each.cost < 0 for each in scene.hired):
        raise ValidationError(_("Say how many minutes a month are added."))
