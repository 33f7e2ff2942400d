"""Which pursuits? Those of customers that the actor may know of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet, Sum

from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.lifecycle.models import Estimate, Stage
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.pursuits.models import (
    Pursuit,
    PursuitChange,
    PursuitNeed,
    PursuitSpending,
    PursuitStep,
    State,
)
from kundenstamm.pursuits.rules import Watched

# What is over stays on the board so long.
LATELY = timedelta(days=365)


@dataclass(frozen=True)
class Card:
    """A pursuit on the board, with what it has cost."""

    of: Pursuit
    watched: Watched


@dataclass(frozen=True)
class Column:
    """A state with its pursuits; ``expected``: what they bring together, each by its chance."""

    state: State
    cards: list[Card]

    @property
    def expected(self) -> Decimal:
        told = [card.of.expected for card in self.cards if card.of.expected is not None]
        return sum(told, Decimal(0))

    @property
    def spent(self) -> Decimal:
        return sum((card.watched.spent for card in self.cards), Decimal(0))


def pursuits(actor: User) -> QuerySet[Pursuit]:
    """With what a page shows of each."""
    found = Pursuit.objects.visible_to(actor).filter(customer__withdrawn=False)
    return found.select_related("customer", "owner", "won_by")


def known_pursuit(actor: User, key: UUID) -> Pursuit | None:
    """One with its sheet."""
    needs = Prefetch("needs", PursuitNeed.objects.visible_to(actor))
    steps = Prefetch("steps", PursuitStep.objects.visible_to(actor))
    return pursuits(actor).filter(key=key).prefetch_related(needs).prefetch_related(steps).first()


def of_customer(actor: User, customer: Customer) -> Pursuit | None:
    """The open one, or the one that was over last."""
    found = list(pursuits(actor).filter(customer=customer).order_by("-pk")[:2])
    return next((each for each in found if each.is_open), found[0] if found else None)


def board(actor: User, today: date, *, mine: bool) -> list[Column]:
    """By state; what is over of the last year only."""
    found = pursuits(actor).filter(Q(over_on__isnull=True) | Q(over_on__gte=today - LATELY))
    if mine:
        found = found.filter(owner=actor)
    rows = list(found.order_by("-expected", "customer__sort_name"))
    costs = spent(actor, [each.pk for each in rows])
    return [
        Column(
            state,
            [Card(each, Watched(costs.get(each.pk, Decimal(0)), each.limit))
             for each in rows if each.state == state],
        )
        for state in State
    ]  # fmt: skip


def spent(actor: User, among: list[int]) -> dict[int, Decimal]:
    """Pursuit → what winning has cost so far."""
    found = PursuitSpending.objects.visible_to(actor).filter(
        pursuit__in=among, taken_back_at__isnull=True
    )
    rows = found.order_by().values("pursuit").annotate(sum=Sum("cost"))
    return {row["pursuit"]: row["sum"] for row in rows}


def spent_on(actor: User, pursuit: Pursuit) -> Decimal:
    return spent(actor, [pursuit.pk]).get(pursuit.pk, Decimal(0))


def spendings(actor: User, pursuit: Pursuit) -> QuerySet[PursuitSpending]:
    found = PursuitSpending.objects.visible_to(actor).filter(pursuit=pursuit)
    return found.filter(taken_back_at__isnull=True).select_related("booked_by")


def history(actor: User, pursuit: Pursuit) -> QuerySet[PursuitChange]:
    """The newest first."""
    found = PursuitChange.objects.visible_to(actor).filter(pursuit=pursuit)
    return found.select_related("by", "to_owner").order_by("-pk")


def kept_promises(actor: User) -> list[Pursuit]:
    """Won ones whose first year is over, the latest first."""
    found = pursuits(actor).filter(state=State.WON, came__isnull=False)
    return list(found.order_by("-over_on", "-pk"))


def may_be_pursued(actor: User, customer: Customer) -> bool:
    """Without purchases or with few, or lost: a regular is kept, and not won."""
    run = latest_run()
    return is_to_win(Estimate.objects.visible_to(actor).filter(run=run, customer=customer).first())


def is_to_win(estimate: Estimate | None) -> bool:
    """The same by an estimate that is at hand; before the first valuation everybody is."""
    if estimate is None:
        return True
    return estimate.stage == Stage.LOST or estimate.occasions < profile().regular_occasions
