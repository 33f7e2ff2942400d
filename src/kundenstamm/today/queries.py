"""What should I do now? Steps that wait, the day's choice among them, what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from kundenstamm.care.models import Interaction, TaskStep
from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Assignment, Contact, Customer
from kundenstamm.customers.speaking import contacts_at
from kundenstamm.guard.models import User
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.today.models import Answer, AnswerQuerySet, Cause, Step, Wish
from kundenstamm.today.rules import USUAL_MINUTES
from kundenstamm.worth.care.day import chosen

# The best by worth of a minute; a day of twelve hours takes no more than 48 of them.
CANDIDATES = 300
# What is told of an estimate.
SHOWN = ("customer_id", "stage", "expected_contribution", "expected_low", "expected_high")


@dataclass(frozen=True)
class Day:
    """The steps of one day, most worth a minute first, and what of the day they were chosen for."""

    steps: list[Step]
    wish: Wish
    spent: int

    @property
    def minutes(self) -> int:
        return self.wish.minutes

    @property
    def takes(self) -> int:
        return sum(each.minutes for each in self.steps)

    @property
    def waiting_costs(self) -> Decimal:
        """What letting all of it wait for a week loses on average."""
        return sum((each.cost_of_waiting for each in self.steps), Decimal(0))


@dataclass(frozen=True)
class About:
    """What the page tells of a customer beside the step."""

    estimate: Estimate | None
    serving: list[str]
    contacts: list[Contact] = field(default_factory=list)


def open_steps(actor: User, today: date, *, mine: bool = False) -> QuerySet[Step]:
    """Steps of customers that the actor knows, but of those that rest.

    ``mine``: only of those that the actor serves.
    """
    return _open(Step.objects.visible_one_by_one(actor), actor, today, mine=mine)


def _open(known: QuerySet[Step], actor: User, today: date, *, mine: bool) -> QuerySet[Step]:
    found = known.filter(customer__withdrawn=False)
    rests = Answer.objects.resting(today).filter(customer=OuterRef("customer"))
    # A new complaint does not wait because of what was answered to something else.
    found = found.filter(
        ~Exists(rests.filter(cause=Cause.COMPLAINT)),
        Q(cause=Cause.COMPLAINT) | ~Exists(rests),
        Q(cause=Cause.COMPLAINT) | ~Exists(_spoken(today)),
    )
    return found.filter(Exists(_served(actor, today))) if mine else found


def prepared(actor: User, customer: Customer) -> Step | None:
    """The step of one customer, whether it waits or rests."""
    known = Step.objects.visible_one_by_one(actor).filter(customer=customer)
    return known.select_related("customer").first()


def step_of(actor: User, customer: Customer, today: date) -> Step | None:
    """What waits for one customer, if it does not rest."""
    found = prepared(actor, customer)
    return found if found is not None and waits(actor, found, today) else None


def waits(actor: User, step: Step, today: date) -> bool:
    """Whether it does not rest."""
    itself = Step.objects.visible_one_by_one(actor).filter(pk=step.pk)
    return _open(itself, actor, today, mine=False).exists()


def resting(actor: User, customer: Customer, today: date) -> Answer | None:
    """What lets a customer rest, if somebody has answered to its step."""
    found = Answer.objects.visible_to(actor).resting(today).filter(customer=customer)
    return found.select_related("by", "task__owner").order_by("-at").first()


def day_of(actor: User, today: date, *, mine: bool = False) -> Day:
    """What fits into the rest of the actor's day and saves most."""
    import polars as pl

    wish, spent = wish_of(actor), minutes_spent(actor, today)
    best = open_steps(actor, today, mine=mine).order_by("-per_minute", "customer_id")
    told = best.values_list("customer_id", "cost_of_waiting", "minutes")[:CANDIDATES]
    table = pl.DataFrame(
        [(customer, float(cost), minutes) for customer, cost, minutes in told],
        schema={"customer_id": pl.Int64, "cost_of_waiting": pl.Float64, "minutes": pl.Int64},
        orient="row",
    )
    taken = chosen(table, max(wish.minutes - spent, 0))["customer_id"].to_list()
    shown = (
        Step.objects.visible_one_by_one(actor).filter(customer__in=taken).select_related("customer")
    )
    found = {each.customer_id: each for each in shown}
    # Another transaction may have prepared anew in between.
    return Day([found[customer] for customer in taken if customer in found], wish, spent)


def minutes_spent(actor: User, today: date) -> int:
    """What the actor's steps of the day took, as far as they are done."""
    done = answered(actor, today).filter(kind=Answer.Kind.DONE)
    return sum(done.values_list("minutes", flat=True))


def answered(actor: User, today: date) -> AnswerQuerySet:
    """What the actor answered today, the latest first; each with what followed (`may_undo`)."""
    mine = Answer.objects.visible_one_by_one(actor).standing().filter(by=actor, day=today)
    later = Answer.objects.standing().filter(customer=OuterRef("customer"), pk__gt=OuterRef("pk"))
    moved = TaskStep.objects.filter(task=OuterRef("task"))
    told = mine.annotate(later=Exists(later), moved=Exists(moved))
    return told.select_related("customer", "task__owner", "interaction").order_by("-at", "-pk")


def may_undo(answer: Answer) -> bool:
    """Whether nothing has followed from one of `answered`."""
    task, interaction, row = answer.task, answer.interaction, vars(answer)
    ended = task is not None and task.ended
    withdrawn = interaction is not None and interaction.withdrawn
    return not (row["later"] or row["moved"] or ended or withdrawn)


def about(actor: User, customers: Sequence[int], today: date) -> dict[int, About]:
    """Estimates of these customers, who serves them, and whom one speaks with there."""
    run = latest_run()
    known = Estimate.objects.visible_one_by_one(actor).filter(run=run, customer__in=customers)
    estimates = {each.customer_id: each for each in known.only(*SHOWN)}
    lasting = Q(ends__isnull=True) | Q(ends__gte=today)
    serving = Assignment.objects.visible_one_by_one(actor).filter(
        lasting, starts__lte=today, customer__in=customers
    )
    who: dict[int, list[str]] = {}
    names = serving.order_by("starts", "pk").values_list("customer", "representative__name")
    for customer, name in names:
        who.setdefault(customer, []).append(name)
    speaking = contacts_at(actor, customers)
    return {
        each: About(estimates.get(each), who.get(each, []), speaking.get(each, []))
        for each in customers
    }


def wish_of(person: User) -> Wish:
    """How somebody wants the day; who never said gets the usual one."""
    return Wish.objects.filter(person=person).first() or Wish(person=person, minutes=USUAL_MINUTES)


def anything_recorded(actor: User, among: Sequence[int]) -> bool:
    """Whether silence can be judged: somebody has written something down.

    Mostly it was about one of those ``among`` whom it is told; else all are looked through.
    """
    shown = Interaction.objects.visible_one_by_one(actor).filter(customer__in=among)
    return shown.exists() or Interaction.objects.visible_to(actor).exists()


def _spoken(today: date) -> QuerySet[Interaction]:
    """A conversation answers all causes, and nobody is called again within so many days."""
    since = today - timedelta(days=profile().silence_least)
    happened = Interaction.objects.standing().filter(customer=OuterRef("customer"))
    return happened.filter(reached=True, day__gt=since)


def _served(actor: User, today: date) -> QuerySet[Assignment]:
    lasting = Q(ends__isnull=True) | Q(ends__gte=today)
    of_step = Assignment.objects.filter(lasting, starts__lte=today, customer=OuterRef("customer"))
    return of_step.filter(representative__user=actor)
