"""From an entry of cost to serve to the activity behind it, and what a customer was done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from kundenstamm.care.models import Interaction
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.kit.months import Month
from kundenstamm.ledger.models import Entry, EntryQuerySet, Line, Source
from kundenstamm.serving.actions import ALLOCATION
from kundenstamm.serving.costing import TICK
from kundenstamm.serving.deriving import RECORDED
from kundenstamm.serving.models import SERVING, Activity, AllocationRun, Equation
from kundenstamm.serving.queries import month_status, newest_run
from kundenstamm.worth.activities import ActivityError

PAGE = 500
_KINDS = frozenset(kind.value for kind in SERVING)


@dataclass(frozen=True)
class Work:
    """One activity as it stands: its minutes by a watch or by the equation, its cost once charged.

    ``minutes`` is None where the equation does not fit the drivers; ``cost`` (positive) where the
    ledger has nothing of it.
    """

    activity: Activity
    minutes: Decimal | None
    cost: Decimal | None


@dataclass(frozen=True)
class Term:
    """One driver of an activity: so many, each so many minutes (None: not in the equation)."""

    name: str
    amount: Decimal
    minutes: Decimal | None


@dataclass(frozen=True)
class Trace:
    """All that made an activity cost what it costs. ``changed``: since the run that charged it.

    ``rate`` is what a minute of its pool cost in the run, before the first one what it would cost;
    ``interaction`` what it follows from, if somebody recorded that.
    """

    work: Work
    equation: Equation | None
    terms: list[Term]
    rate: Decimal | None
    overloaded: bool
    run: AllocationRun | None
    entries: list[Entry]
    changed: bool
    interaction: Interaction | None


def activities_behind(actor: User, customer: Customer, rows: Iterable[Line]) -> dict[int, int]:
    """Entry → activity, for those that charge one which is still this customer's."""
    asked = [row for row in rows if row.kind in _KINDS]
    source = _source() if asked else None
    charged = {row.pk: row.line for row in asked if row.source_id == source}
    if not charged:
        return {}
    known = Activity.objects.visible_to(actor).filter(customer=customer)
    there = set(known.filter(pk__in=charged.values()).values_list("pk", flat=True))
    return {entry: line for entry, line in charged.items() if line in there}


def activities_of(actor: User, customer: Customer, month: Month) -> list[Work]:
    """A customer's activities of a month, newest first; `PAGE` at most."""
    found = Activity.objects.visible_to(actor).filter(customer=customer).of(month)
    related = found.select_related("type__pool").prefetch_related("type__equations__drivers")
    return _worked(actor, customer, list(related.order_by("-date", "-pk")[:PAGE]))


def trace(actor: User, customer: Customer, pk: int) -> Trace | None:
    """One activity with all that made its cost; None where it is not this customer's."""
    found = Activity.objects.visible_to(actor).filter(customer=customer, pk=pk)
    related = found.select_related("type__pool", "source")
    activity = related.prefetch_related("type__equations__drivers").first()
    if activity is None:
        return None
    [work] = _worked(actor, customer, [activity])
    month = Month.of(activity.date)
    run = newest_run(month)
    rate, overloaded = _rate(activity, month, run)
    posted = _entries(actor, customer, [pk]).select_related("batch__allocation")
    return Trace(
        work,
        activity.type.equation_on(activity.date),
        _terms(activity),
        rate,
        overloaded,
        run,
        list(posted.order_by("-pk")),
        month_status(month).changed_at is not None,
        _interaction(actor, activity),
    )


def activities_from(
    actor: User, customer: Customer, found: Iterable[Interaction]
) -> dict[int, int]:
    """Interaction → an activity that follows from it, for those whose month has been allocated."""
    known = Activity.objects.visible_to(actor).filter(customer=customer, derived=True)
    of_these = known.filter(source__name=RECORDED, line__in=[each.pk for each in found])
    return dict(of_these.order_by("-pk").values_list("line", "pk"))


def _interaction(actor: User, activity: Activity) -> Interaction | None:
    """What an activity follows from, if it is an interaction."""
    if not activity.derived or activity.source.name != RECORDED:
        return None
    known = Interaction.objects.visible_to(actor).filter(customer=activity.customer_id)
    return known.filter(pk=activity.line).first()


def _rate(each: Activity, month: Month, run: AllocationRun | None) -> tuple[Decimal | None, bool]:
    """A pool that worked beyond its capacity charges what it costs, so a minute is cheaper."""
    for told in run.result["pools"] if run else []:
        if told["pool_id"] == each.type.pool_id:
            minutes = max(Decimal(told["capacity"]), Decimal(told["used"]))
            return Decimal(told["cost"]) / minutes, told["overloaded"]
    figures = each.type.pool.months.filter(month=month.first).first()
    return figures.rate if figures else None, False


def _worked(actor: User, customer: Customer, found: Sequence[Activity]) -> list[Work]:
    sums = _entries(actor, customer, [each.pk for each in found]).values_list("line")
    charged = dict(sums.annotate(total=Sum("amount")))
    return [
        Work(each, _minutes(each), -charged[each.pk] if each.pk in charged else None)
        for each in found
    ]


def _entries(actor: User, customer: Customer, lines: Sequence[int]) -> EntryQuerySet:
    known = Entry.objects.visible_to(actor).filter(customer=customer)
    return known.filter(source=_source(), line__in=lines)


def _minutes(each: Activity) -> Decimal | None:
    if each.minutes is not None:
        return each.minutes
    equation = each.type.equation_on(each.date)
    if equation is None:
        return None
    try:
        return equation.rule.minutes(_amounts(each)).quantize(TICK)
    except ActivityError:
        return None


def _terms(each: Activity) -> list[Term]:
    equation = each.type.equation_on(each.date)
    known = equation.rule.drivers if equation else {}
    return [Term(name, amount, known.get(name)) for name, amount in _amounts(each).items()]


def _amounts(each: Activity) -> dict[str, Decimal]:
    """What is no number would be refused by the allocation; here it counts as none."""
    told = each.drivers.items()
    return {name: Decimal(str(of)) for name, of in told if isinstance(of, int | float)}


def _source() -> int | None:
    return Source.objects.filter(name=ALLOCATION.source).values_list("pk", flat=True).first()
