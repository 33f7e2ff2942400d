"""One activity computed before there is any: to see what a time equation says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from kundenstamm.kit.months import Month
from kundenstamm.serving.costing import LONGEST, TICK
from kundenstamm.serving.models import Pool, PoolMonth
from kundenstamm.worth.activities import ActivityError, TimeEquation


class NoExample(ValueError):  # noqa: N818
    """These amounts make no activity; the message names the mend."""


@dataclass(frozen=True)
class Example:
    """Minutes of one activity; what they cost, if the pool has figures."""

    minutes: Decimal
    figures: PoolMonth | None

    @property
    def cost(self) -> Decimal | None:
        return self.minutes * self.figures.rate if self.figures else None


def worked_example(
    equation: TimeEquation, amounts: Mapping[str, Decimal], pool: Pool | None, month: Month
) -> Example:
    """By the pool's figures of the month, or the newest before it.

    Raises
    ------
    NoExample
        The minutes would be negative, or more than any activity takes.
    """
    try:
        minutes = equation.minutes(amounts)
    except ActivityError:
        raise NoExample(_("These amounts make less than no minutes.")) from None
    if minutes > LONGEST:
        raise NoExample(_("No activity takes so many minutes."))
    return Example(minutes.quantize(TICK), newest_figures(pool, month))


def newest_figures(pool: Pool | None, month: Month) -> PoolMonth | None:
    """A pool's figures of a month, or of the last one before it that has any."""
    if pool is None:
        return None
    return pool.months.filter(month__lte=month.first).order_by("-month").first()
