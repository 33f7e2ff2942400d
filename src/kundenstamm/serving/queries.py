"""Which pools, which allocations, which activities?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Prefetch, QuerySet

from kundenstamm.kit.months import Month
from kundenstamm.serving.models import (
    ActivityType,
    AllocationJob,
    AllocationRun,
    MonthChange,
    Pool,
    PoolMonth,
)


def newest_run(month: Month) -> AllocationRun | None:
    """The allocation of a month that stands; None before the first."""
    return AllocationRun.objects.filter(month=month.first).order_by("-version").first()


def history(month: Month | None = None) -> QuerySet[AllocationRun]:
    """All runs, of one month if one is named; newest month and version first."""
    found = AllocationRun.objects.select_related("actor").order_by("-month", "-version")
    return found.filter(month=month.first) if month else found


def changes_of(month: Month) -> int:
    """How often anything that the month's allocation reads was changed."""
    return MonthChange.objects.filter(month=month.first).count()


def pools(month: Month) -> list[tuple[Pool, PoolMonth | None]]:
    """All pools with their figures of a month; None where they have none."""
    figures = PoolMonth.objects.filter(month=month.first)
    found = Pool.objects.order_by("name").prefetch_related(
        Prefetch("months", figures, to_attr="asked")
    )
    return [(pool, next(iter(pool.asked), None)) for pool in found]


def activity_types() -> QuerySet[ActivityType]:
    """All of them with pool and equations."""
    found = ActivityType.objects.select_related("pool").prefetch_related("equations__drivers")
    return found.order_by("pool__name", "name")


@dataclass(frozen=True)
class MonthStatus:
    """How far a month is. ``changed_at``: since when its newest run no longer tells all."""

    month: Month
    pools: int
    run: AllocationRun | None
    changed_at: datetime | None
    job: AllocationJob | None


def month_status(month: Month) -> MonthStatus:
    return statuses([month])[0]


def months_to_allocate(until: date) -> list[Month]:
    """Months with figures, activities or runs, and the one of the day; newest first."""
    sources = (PoolMonth, AllocationRun, MonthChange)
    known = {day for each in sources for day in each.objects.values_list("month", flat=True)}
    begun = {Month(day) for day in known if day <= until} | {Month.of(until)}
    return sorted(begun, key=lambda month: month.first, reverse=True)


def statuses(months: Iterable[Month]) -> list[MonthStatus]:
    """Of each month, in the order asked; a few questions for all of them."""
    asked = list(months)
    days = [month.first for month in asked]
    figures = PoolMonth.objects.filter(month__in=days).values_list("month", flat=True)
    entered = list(figures)
    runs = {run.month: run for run in history().filter(month__in=days).order_by("month", "version")}
    changed = _changes_since(runs)
    jobs = {job.month: job for job in AllocationJob.objects.filter(month__in=days).order_by("id")}
    return [
        MonthStatus(
            month, entered.count(month.first), runs.get(month.first),
            changed.get(month.first), jobs.get(month.first),
        )
        for month in asked
    ]  # fmt: skip


def _changes_since(runs: dict[date, AllocationRun]) -> dict[date, datetime]:
    """Month → when it was last changed, for those changed after their newest run had read them."""
    counted = (
        MonthChange.objects.filter(month__in=runs)
        .values_list("month")
        .annotate(number=Count("pk"), last=Max("at"))
    )
    return {month: last for month, number, last in counted if number > runs[month].changes_seen}
