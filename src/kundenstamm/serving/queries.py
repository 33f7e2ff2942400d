"""Which allocations?"""

from __future__ import annotations

from django.db.models import QuerySet

from kundenstamm.kit.months import Month
from kundenstamm.serving.models import AllocationRun


def newest_run(month: Month) -> AllocationRun | None:
    """The allocation of a month that stands; None before the first."""
    return AllocationRun.objects.filter(month=month.first).order_by("-version").first()


def history(month: Month | None = None) -> QuerySet[AllocationRun]:
    """All runs, of one month if one is named; newest month and version first."""
    found = AllocationRun.objects.select_related("actor").order_by("-month", "-version")
    return found.filter(month=month.first) if month else found
