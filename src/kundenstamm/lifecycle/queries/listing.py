"""One page of the customer list, found by where the last one ended and never by counting.

A list sorted by an estimate has three stretches: customers with the figure, those of the run
without it, and those entered since. Each stretch is one range of one index; a page crosses at most
all three. Rows that have nothing to be sorted by come last in either direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isqrt
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan

from kundenstamm.customers.models import Assignment, Customer
from kundenstamm.customers.queries import contains, matching_ids, reached_at, stars_of
from kundenstamm.guard.models import User
from kundenstamm.guard.queries import sees_whole_base
from kundenstamm.lifecycle.models import Estimate, ValuationRun
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.lifecycle.queries.wanted import SORTS, Wanted, current

COUNTED_AT_MOST = 1_000
PAGE = 50


@dataclass
class Row:
    """One customer of the list; ``estimate`` is missing for one entered after the run."""

    customer: Customer
    estimate: Estimate | None
    representatives: list[str] = field(default_factory=list)
    starred: bool = False


@dataclass(frozen=True)
class About:
    """How many: exactly, or more than it is worth counting."""

    number: int
    more: bool = False


@dataclass(frozen=True)
class Page:
    """``before`` and ``after`` are what the neighbouring pages are asked for with."""

    rows: list[Row]
    run: ValuationRun | None
    before: UUID | None
    after: UUID | None
    scope: Scope

    @cached_property
    def about(self) -> About:
        """How many customers the whole list has; never reads more than a thousand of them."""
        return self.scope.about()


def customer_page(
    actor: User,
    wanted: Wanted,
    *,
    after: UUID | None = None,
    before: UUID | None = None,
    size: int = PAGE,
) -> Page:
    """The page that follows the customer ``after``, or precedes ``before``, or the first one.

    Both are customers' public keys. A customer who is not there any more means the first page.
    """
    run = latest_run()
    scope = Scope(actor, run, wanted)
    stretches = _stretches(scope)
    asked = before or after
    place = _place(scope, stretches, asked) if asked else None
    backwards = before is not None and place is not None
    found = _collect(stretches, place, size + 1, backwards=backwards)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    earlier, later = (more, True) if backwards else (place is not None, more)
    rows = _complete(actor, run, found)
    first, last = (rows[0].customer.key, rows[-1].customer.key) if rows else (None, None)
    return Page(rows, run, first if earlier else None, last if later else None, scope)


@dataclass(frozen=True)
class Scope:
    """Whose list it is, of which run, and what it is narrowed to."""

    actor: User
    run: ValuationRun | None
    wanted: Wanted

    @cached_property
    def whole(self) -> bool:
        """Whether no customer at all is kept from the actor."""
        return sees_whole_base(self.actor)

    def about(self) -> About:
        run, wanted = self.run, self.wanted
        narrows = wanted.narrows_customers or wanted.narrows_estimates
        if run is not None and not narrows and self.whole:
            return About(run.customers)
        # Of a common word, those at hand are often enough to know that there are more.
        counted = self._counted(sample=True)
        if counted <= COUNTED_AT_MOST and wanted.words.strip() and self._is_common:
            counted = self._counted()
        return About(min(counted, COUNTED_AT_MOST), more=counted > COUNTED_AT_MOST)

    def _counted(self, *, sample: bool = False) -> int:
        rows: QuerySet[Any]
        if self.run is None or not self.wanted.narrows_estimates:
            rows = self.customers(sample=sample)
        else:
            rows = self.estimates(self.run, sample=sample)
        return rows.order_by()[: COUNTED_AT_MOST + 1].count()

    def customers(self, *, sample: bool = False) -> QuerySet[Customer]:
        """``sample``: of a common word not all, but enough of them."""
        found = Customer.objects.visible_to(self.actor)
        found = found.filter(self.wanted.of_customer(self.run))
        if self.wanted.words.strip():
            found = found.filter(self._said("pk", sample=sample))
        if not self.wanted.narrows_estimates:
            return found
        if self.run is None:
            return found.none()
        return found.filter(self.wanted.of_estimate(self.run, "estimates__"))

    def estimates(self, run: ValuationRun, *, sample: bool = False) -> QuerySet[Estimate]:
        wanted = self.wanted
        found = Estimate.objects.visible_to(self.actor)
        found = found.filter(wanted.of_estimate(run), customer__withdrawn=False)
        if wanted.narrows_customers:
            found = found.filter(wanted.of_customer(run, "customer__"))
        if wanted.words.strip():
            found = found.filter(self._said("customer_id", sample=sample))
        return found.select_related("customer")

    def since(self, run: ValuationRun) -> QuerySet[Customer]:
        """Customers entered after the run."""
        valued = Estimate.objects.filter(run=run, customer=OuterRef("pk"))
        return self.customers().exclude(Exists(valued))

    def _said(self, column: str, *, sample: bool) -> Q | Subquery:
        """The words as a condition, so put that the database goes the shorter way.

        Rare words: all their customers, found by the index on pieces, then sorted. Words that
        very many have: along the order until the page is full, asking of each whether it has
        them. The planner cannot tell, it takes the pieces of a word for independent of each
        other; so in the second case the question is put where no index can answer it.
        """
        if sample or not self._is_common:
            return Q(**{f"{column}__any_of": self._ids + self._reached})
        asked = Customer.objects.filter(pk=OuterRef(column))
        has = contains(self.wanted.words)
        if self._reached:
            has |= Q(pk__any_of=self._reached)
        said = ExpressionWrapper(has, output_field=BooleanField())
        return Subquery(asked.values_list(said))

    @property
    def _is_common(self) -> bool:
        return len(self._ids) == self._many

    @cached_property
    def _ids(self) -> list[int]:
        return matching_ids(self.wanted.words, self._many)

    @cached_property
    def _reached(self) -> list[int]:
        """Whom somebody reaches at the words: a whole mail address or phone number."""
        return reached_at(self.actor, self.wanted.words)

    @property
    def _many(self) -> int:
        """So many that both ways are equally long: to sort, or to pass on the way to one page."""
        return max(isqrt(PAGE * self.run.customers) if self.run else 0, COUNTED_AT_MOST) + 1


@dataclass(frozen=True)
class _Stretch:
    """Rows in one order: by ``columns``, all in the same direction, the last one unique."""

    name: str
    rows: QuerySet[Any]
    columns: tuple[str, ...]
    descending: bool

    def read(self, start: Sequence[Any] | None, limit: int, *, backwards: bool) -> list[Any]:
        """Rows in order, those beyond ``start`` only."""
        descending = self.descending != backwards
        found = self.rows.order_by(*(f"-{name}" if descending else name for name in self.columns))
        if start is not None:
            beyond = TupleLessThan if descending else TupleGreaterThan
            found = found.filter(beyond(tuple(map(F, self.columns)), tuple(start)))
        return list(found[:limit])


def _stretches(scope: Scope) -> list[_Stretch]:
    run, wanted = scope.run, scope.wanted
    sort = SORTS[wanted.sort]
    if run is None or sort.of_customer:
        columns = ("number",) if sort.unique and sort.of_customer else ("sort_name", "id")
        return [_Stretch("customers", scope.customers(), columns, wanted.descending)]
    descending = wanted.descending != sort.best_first
    columns = (sort.column,) if sort.unique else (sort.column, "customer_id")
    known = missing = scope.estimates(run)
    stretches = []
    if sort.nullable:
        known = known.filter(**{f"{sort.column}__isnull": False})
        missing = missing.filter(**{f"{sort.column}__isnull": True})
        stretches = [_Stretch("missing", missing, ("customer_id",), descending)]
    stretches.insert(0, _Stretch("known", known, columns, descending))
    if not wanted.narrows_estimates:
        stretches.append(_Stretch("since", scope.since(run), ("id",), descending))
    return stretches


@dataclass(frozen=True)
class _Place:
    """Where a customer stands: in which stretch, and with which values of its columns."""

    stretch: int
    values: tuple[Any, ...]


def _place(scope: Scope, stretches: list[_Stretch], key: UUID) -> _Place | None:
    customer = Customer.objects.visible_to(scope.actor).filter(key=key).first()
    if customer is None:
        return None
    estimates = Estimate.objects.visible_to(scope.actor)
    estimate = estimates.filter(run=scope.run, customer=customer).first()
    names = [stretch.name for stretch in stretches]
    name = (
        _stretch_of(estimate, SORTS[scope.wanted.sort].column) if "known" in names else "customers"
    )
    if name not in names:
        return None
    index = names.index(name)
    holder = customer if name in ("customers", "since") else estimate
    return _Place(index, tuple(getattr(holder, column) for column in stretches[index].columns))


def _stretch_of(estimate: Estimate | None, column: str) -> str:
    if estimate is None:
        return "since"
    return "missing" if getattr(estimate, column) is None else "known"


def _collect(
    stretches: list[_Stretch], place: _Place | None, limit: int, *, backwards: bool
) -> list[Any]:
    """Up to ``limit`` rows from ``place`` on; towards the front they come in reverse."""
    step = -1 if backwards else 1
    at = place.stretch if place else 0
    found: list[Any] = []
    start = place.values if place else None
    while 0 <= at < len(stretches) and len(found) < limit:
        found += stretches[at].read(start, limit - len(found), backwards=backwards)
        at, start = at + step, None
    return found


def _complete(actor: User, run: ValuationRun | None, found: list[Any]) -> list[Row]:
    """Customer, estimate and who serves it, for rows that carry only a part of that."""
    rows = [
        Row(each.customer, each) if isinstance(each, Estimate) else Row(each, None)
        for each in found
    ]
    by_customer = {row.customer.pk: row for row in rows}
    lacking = [row.customer.pk for row in rows if row.estimate is None]
    if run is not None and lacking:
        estimates = Estimate.objects.visible_to(actor).filter(run=run, customer__in=lacking)
        for estimate in estimates:
            by_customer[estimate.customer_id].estimate = estimate
    served = Assignment.objects.visible_to(actor).filter(current(run), customer__in=by_customer)
    for assignment in served.select_related("representative").order_by("starts", "id"):
        by_customer[assignment.customer_id].representatives.append(assignment.representative.name)
    starred = stars_of(actor).filter(customer__in=by_customer)
    for pk in starred.values_list("customer", flat=True):
        by_customer[pk].starred = True
    return rows


def chosen_customers(actor: User, wanted: Wanted, at_most: int) -> list[Customer]:
    """The customers of a whole list by name, one more than ``at_most`` where there are more."""
    found = Scope(actor, latest_run(), wanted).customers()
    return list(found.order_by("sort_name", "id")[: at_most + 1])
