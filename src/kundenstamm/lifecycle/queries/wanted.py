"""What somebody wants to see in the customer list, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery

from kundenstamm.customers.models import Assignment
from kundenstamm.lifecycle.models import Alarm, Estimate, Stage, ValuationRun


@dataclass(frozen=True)
class Sort:
    """A column to sort by. ``best_first``: its lowest value is what descending order begins with.

    ``unique`` columns need no tie broken, ``nullable`` ones may be missing in an estimate.
    """

    column: str
    of_customer: bool = False
    unique: bool = False
    nullable: bool = False
    best_first: bool = False


SORTS = {
    "name": Sort("sort_name", of_customer=True),
    "number": Sort("number", of_customer=True, unique=True),
    "profit": Sort("rank", unique=True, best_first=True),
    "revenue": Sort("year_net_revenue"),
    "value": Sort("expected_contribution", nullable=True),
    "lifetime": Sort("lifetime_value", nullable=True),
    "risk": Sort("value_at_risk", nullable=True),
    "active": Sort("p_active", nullable=True),
    "last": Sort("last_day", nullable=True),
}

# Figures that a list may be limited by, and the columns behind them.
BANDS = {
    "profit": "year_contribution_3",
    "contribution_1": "year_contribution_1",
    "contribution_2": "year_contribution_2",
    "revenue": "year_net_revenue",
    "value": "expected_contribution",
    "risk": "value_at_risk",
    "active": "p_active",
    "occasions": "occasions",
    "last": "last_day",
}


@dataclass(frozen=True)
class Band:
    """``low`` ≤ figure ≤ ``high``; an open end is ``None``."""

    low: Decimal | float | int | date | None = None
    high: Decimal | float | int | date | None = None


@dataclass(frozen=True)
class Wanted:
    """Filters and order of the customer list. What is left empty does not narrow.

    ``ranks`` are places in the ranking by contribution III, both ends included; every mark of
    the whale curve stands for such a range. ``losing`` means a negative contribution III,
    ``alarms`` those who give one of these.
    """

    words: str = ""
    stages: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    representatives: tuple[str, ...] = ()
    ranks: Band = Band()
    bands: dict[str, Band] = field(default_factory=dict)
    losing: bool = False
    alarms: tuple[str, ...] = ()
    # Only these: by public key, or by id, as of those somebody has starred.
    keys: tuple[UUID, ...] = ()
    among: tuple[int, ...] | None = None
    sort: str = "profit"
    descending: bool = True

    def __post_init__(self) -> None:
        if self.sort not in SORTS:
            raise ValueError(f"The list cannot be sorted by {self.sort!r}.")
        if unknown := self.bands.keys() - BANDS.keys():
            raise ValueError(f"The list cannot be limited by {sorted(unknown)}.")
        if unknown := set(self.stages) - set(Stage.values):
            raise ValueError(f"There is no stage {sorted(unknown)}.")
        if unknown := set(self.alarms) - set(Alarm.values):
            raise ValueError(f"There is no alarm {sorted(unknown)}.")

    @property
    def narrows_customers(self) -> bool:
        return bool(
            self.words.strip()
            or self.links
            or self.regions
            or self.countries
            or self.channels
            or self.representatives
            or self.keys
            or self.among is not None
        )

    @property
    def narrows_estimates(self) -> bool:
        return bool(self.stages or self.bands or self.losing or self.alarms or self.ranks != Band())

    def of_customer(self, run: ValuationRun | None, path: str = "") -> Q:
        """The filters on the customer itself; ``path`` leads there (``"customer__"``)."""
        chosen = {
            "link": self.links,
            "region": self.regions,
            "country": self.countries,
            "channel": self.channels,
        }
        found = Q(**{f"{path}{name}__in": values for name, values in chosen.items() if values})
        if self.keys:
            found &= Q(**{f"{path}key__in": self.keys})
        if self.among is not None:
            found &= Q(**{f"{path}id__any_of": list(self.among)})
        if self.representatives:
            served = Assignment.objects.filter(
                current(run), representative__code__in=self.representatives
            )
            found &= Q(Exists(served.filter(customer=OuterRef(f"{path}pk"))))
        return found

    def of_estimate(self, run: ValuationRun, path: str = "") -> Q:
        """The filters on the customer's estimate in ``run``."""
        found: dict[str, Any] = {f"{path}run": run}
        if self.stages:
            found[f"{path}stage__in"] = self.stages
        for name, band in self._bands().items():
            if band.low is not None:
                found[f"{path}{BANDS[name]}__gte"] = band.low
            if band.high is not None:
                found[f"{path}{BANDS[name]}__lte"] = band.high
        return Q(**found) & self._alarming(path) & self._ranked(run, path)

    def _alarming(self, path: str) -> Q:
        """Said in both ways: the index has those who give any alarm."""
        if not self.alarms:
            return Q()
        return ~Q(**{f"{path}alarm": ""}) & Q(**{f"{path}alarm__in": self.alarms})

    def _bands(self) -> dict[str, Band]:
        return {name: band for name, band in self.bands.items() if name != "profit"}

    def _ranked(self, run: ValuationRun, path: str) -> Q:
        """Limits on contribution III, told as places in the ranking.

        The planner takes filter and order for independent of each other: looking for the few
        losers in descending order of profit, it would walk past everybody who earns. In places
        of the ranking both are one range of one index.
        """
        found = Q(**_ends(f"{path}rank", self.ranks.low, self.ranks.high))
        profit = self.bands.get("profit", Band())
        if self.losing:
            first = run.totals["losses"]["from_rank"]
            found &= Q(**{f"{path}rank__gte": first}) if first else Q(pk__in=[])
        ranking = Estimate.objects.filter(run=run)
        if profit.high is not None:
            found &= Q(**{f"{path}year_contribution_3__lte": profit.high})
            best = ranking.filter(year_contribution_3__lte=profit.high)
            place = best.order_by("-year_contribution_3", "-customer").values("rank")[:1]
            found &= Q(**{f"{path}rank__gte": Subquery(place)})
        if profit.low is not None:
            found &= Q(**{f"{path}year_contribution_3__gte": profit.low})
            last = ranking.filter(year_contribution_3__gte=profit.low)
            place = last.order_by("year_contribution_3", "customer").values("rank")[:1]
            found &= Q(**{f"{path}rank__lte": Subquery(place)})
        return found


def current(run: ValuationRun | None) -> Q:
    """Assignments that hold on the run's day; before the first run, those without an end."""
    if run is None:
        return Q(ends__isnull=True)
    return Q(starts__lte=run.as_of) & (Q(ends__isnull=True) | Q(ends__gte=run.as_of))


def _ends(column: str, low: object, high: object) -> dict[str, object]:
    ends = {f"{column}__gte": low, f"{column}__lte": high}
    return {name: value for name, value in ends.items() if value is not None}
