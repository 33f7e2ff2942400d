"""What scenarios come to, beside what is planned.

Only pursuits that the reader knows bring anything or change; all others need their minutes as
planned, as one sum, so that nothing of them can be read off a difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from kundenstamm.company.queries import profile
from kundenstamm.guard.models import User
from kundenstamm.pursuits.frames import plan_of
from kundenstamm.pursuits.hands import Hands, hands
from kundenstamm.pursuits.kinds import of_class, typed
from kundenstamm.pursuits.learning import learned
from kundenstamm.pursuits.models import (
    OVER,
    Pursuit,
    PursuitNeed,
    PursuitStep,
    Scenario,
    ScenarioKind,
    ScenarioPursuit,
)
from kundenstamm.pursuits.queries import pursuits, spent
from kundenstamm.pursuits.rules import RUNNING, coming, months_between
from kundenstamm.pursuits.sheets import Sheet, sheet_of
from kundenstamm.worth.pursuit.comparables import Drawn
from kundenstamm.worth.pursuit.load import Added
from kundenstamm.worth.pursuit.optimism import Optimism
from kundenstamm.worth.pursuit.plan import Plan
from kundenstamm.worth.pursuit.scenario import Outcome, Taken, outcome

# Draws of customers of a kind begin here, beyond all pursuits' own.
KINDS_FROM = 1_000_000


@dataclass(frozen=True)
class Weighable:
    """A pursuit with what it promises.

    Attributes
    ----------
    winning
        What winning it costs in all; money.
    """

    pursuit: Pursuit
    taken: Taken
    winning: float

    @property
    def is_planned(self) -> bool:
        return self.pursuit.state in RUNNING

    def more(self, number: int, month: int) -> Taken:
        """Others like it, won for sure: each takes as many tries as its chance says."""
        tries = 1 / self.taken.chance if self.taken.chance > 0 else 1.0
        plan = replace(self.taken.plan, first_month=month)
        draw = KINDS_FROM + self.taken.draw
        return replace(
            self.taken, plan=plan, chance=1.0, winning=self.winning * tries, number=number,
            draw=draw,
        )  # fmt: skip


@dataclass(frozen=True)
class Group:
    """So many customers of a kind."""

    taken: Taken
    value_class: str = ""
    pursuit: Pursuit | None = None


@dataclass(frozen=True)
class Column:
    """A scenario, or the plan itself, with what it comes to.

    Attributes
    ----------
    further
        Customers of a kind: how many, of which value class or like which pursuit (neither: as
        typed), from which month.
    unknown
        Value classes that nobody is in any more.
    """

    scenario: Scenario | None
    outcome: Outcome
    taken: tuple[tuple[Pursuit, Taken], ...]
    further: tuple[Group, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compared:
    """The plan first, then each scenario; ``begins`` is month nil."""

    hands: Hands
    columns: tuple[Column, ...]
    begins: date


def weighables(actor: User, hands: Hands, today: date) -> list[Weighable]:
    """Open pursuits that the reader knows and that were weighed, as they were judged last."""
    needs = Prefetch("needs", PursuitNeed.objects.visible_to(actor))
    steps = Prefetch("steps", PursuitStep.objects.visible_to(actor))
    found = pursuits(actor).exclude(state__in=OVER).filter(turnover__gt=0)
    held = found.prefetch_related(needs).prefetch_related(steps).order_by("pk")
    rows = [each for each in held if each.figures]
    costs, optimism = spent(actor, [each.pk for each in rows]), learned()
    return [_weighable(each, costs, optimism, hands, today) for each in rows]


def _weighable(
    pursuit: Pursuit, costs: Mapping[int, Decimal], optimism: Optimism, hands: Hands, today: date
) -> Weighable:
    sheet, told = sheet_of(pursuit, plain=False), pursuit.figures
    weighed = told.get("weighed", {"weight": 0.0, "spread": 0.0})
    drawn = Drawn(told["turnover"], customers=told.get("comparable", 0), middle=None, **weighed)
    planned = sheet.planned(hands.rate(sheet.won_by))
    left = max(planned - costs.get(pursuit.pk, Decimal(0)), Decimal(0))
    taken = Taken(
        plan_of(sheet, drawn, hands, today), float(sheet.chance), float(left),
        optimism=drawn.uncertain(optimism), draw=pursuit.pk,
    )  # fmt: skip
    return Weighable(pursuit, taken, float(planned))


def plan_of_kind(sheet: Sheet, hands: Hands, today: date) -> Plan:
    """Of a customer that is as its sheet says."""
    return plan_of(sheet, Drawn(float(sheet.turnover), 0.0, None), hands, today)


def compare(actor: User, scenarios: Sequence[Scenario], today: date) -> Compared:
    """What is planned beside scenarios, which must be the actor's own."""
    held = hands(today)
    known = weighables(actor, held, today)
    maker = _Maker(actor, held, known, today)
    return Compared(
        held, (maker.column(None), *(maker.column(each) for each in scenarios)), coming(today)
    )


class _Maker:
    """What all columns of one page share."""

    def __init__(self, actor: User, hands: Hands, known: Sequence[Weighable], today: date) -> None:
        self.actor, self.hands, self.known, self.today = actor, hands, known, today
        self.planned = [each.taken for each in known if each.is_planned]
        self.classes: dict[str, Sheet | None] = {}

    def column(self, scenario: Scenario | None) -> Column:
        said = self._said(scenario)
        taken = [
            (each.pursuit, chosen)
            for each in self.known
            if (chosen := self._chosen(each, said.get(each.pursuit.pk))) is not None
        ]
        like = [
            Group(each.more(row.more, self._at(row.more_month)), pursuit=each.pursuit)
            for each in self.known
            if (row := said.get(each.pursuit.pk)) and row.more and row.more_month
        ]
        further, unknown = self._kinds(scenario)
        groups = (*like, *further)
        found = outcome(
            self.hands.loads, [*(each for _of, each in taken), *(each.taken for each in groups)],
            self._added(scenario), without=self.planned,
            discount=float(profile().discount_rate),
        )  # fmt: skip
        return Column(scenario, found, tuple(taken), groups, unknown)

    def _said(self, scenario: Scenario | None) -> dict[int, ScenarioPursuit]:
        if scenario is None:
            return {}
        rows = ScenarioPursuit.objects.visible_to(self.actor).filter(scenario=scenario)
        return {row.pursuit_id: row for row in rows}

    def _chosen(self, each: Weighable, said: ScenarioPursuit | None) -> Taken | None:
        """As planned where nothing is said of it."""
        is_taken = each.is_planned if said is None or said.taken is None else said.taken
        if not is_taken:
            return None
        if said is None or said.month is None:
            return each.taken
        return replace(each.taken, plan=replace(each.taken.plan, first_month=self._at(said.month)))

    def _kinds(self, scenario: Scenario | None) -> tuple[list[Group], tuple[str, ...]]:
        """Customers of value classes or as typed; and classes that nobody is in any more."""
        found: list[Group] = []
        unknown: list[str] = []
        for n, row in enumerate(scenario.kinds.all() if scenario else ()):
            sheet = self._sheet(row)
            if sheet is None:
                unknown.append(row.value_class)
            else:
                plan = replace(
                    plan_of_kind(sheet, self.hands, self.today), first_month=self._at(row.month)
                )
                taken = Taken(plan, 1.0, float(row.winning), row.number, draw=2 * KINDS_FROM + n)
                found.append(Group(taken, row.value_class))
        return found, tuple(unknown)

    def _sheet(self, row: ScenarioKind) -> Sheet | None:
        if not row.value_class:
            minutes = {int(pool): Decimal(told) for pool, told in row.minutes.items()}
            return typed(row.turnover, row.margin, minutes, self.today)
        if row.value_class not in self.classes:
            kind = of_class(self.actor, row.value_class, self.today)
            self.classes[row.value_class] = kind.sheet(self.today) if kind else None
        return self.classes[row.value_class]

    def _added(self, scenario: Scenario | None) -> list[Added]:
        names = {row.pk: row.name for row in self.hands.rows}
        rows = scenario.hands.select_related("pool") if scenario else ()
        return [
            Added(names[row.pool_id], float(row.minutes), self._at(row.month), float(row.cost))
            for row in rows
            if row.pool_id in names
        ]

    def _at(self, month: date | None) -> int:
        """Counted from now; what should have begun already begins with the coming month."""
        return max(months_between(coming(self.today), month), 0) if month else 0
