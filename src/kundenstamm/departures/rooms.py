"""Minutes: what each customer takes of who visits, and what colleagues have left for more.

From what customers were charged in the allocated months (`kundenstamm.serving`), of the pools that
visit; who picks and packs goes on doing so, whoever serves the customer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from kundenstamm.customers.models import Representative
from kundenstamm.departures.effort import minutes_of_the_year
from kundenstamm.guard.models import Role, User
from kundenstamm.kit.months import Month
from kundenstamm.ledger.models import EntryKind
from kundenstamm.serving.models import Pool, PoolMonth
from kundenstamm.serving.queries import history
from kundenstamm.serving.working import minutes_of

MONTHS = 12
# Nobody was there for a year, and it will take somebody's time all the same.
LEAST = 30.0
# Where that is not enough, nobody shall have more than this part above an even share.
ABOVE_EVEN = 1.1
WEEKS = 52

# Who serves whom: representative and customer.
Pairs = Collection[tuple[int, int]]


def minutes_a_year(actor: User, customers: Iterable[int], day: date) -> dict[int, float]:
    """Customer → minutes that serving it takes in a year, as far as the actor may know.

    Where no month is allocated, those of the conversations of the year before ``day``.
    """
    among, months = list(customers), _months()
    if not months:
        return minutes_of_the_year(actor, among, day)
    whole: Counter[int] = Counter()
    for pool in visiting():
        told = minutes_of(actor, pool, among, months[0], months[-1])
        whole.update({customer: float(minutes) for customer, minutes in told.items()})
    year = MONTHS / len(months)
    return {pk: max(whole[pk] * year, LEAST) for pk in among}


def free_minutes(
    colleagues: Collection[int], serving: Pairs, minutes: Mapping[int, float], need: Sequence[float]
) -> dict[int, float]:
    """Representative → minutes a year that are free for more customers; never below nil.

    Whoever serves a customer together with others does their part of it. Where all of it does not
    suffice, or nobody knows, everybody gets as much as makes their loads even.
    """
    together = Counter(customer for _who, customer in serving)
    loads: dict[int, float] = defaultdict(float)
    for who, customer in serving:
        loads[who] += minutes.get(customer, 0.0) / together[customer]
    year = year_of_one()
    found = {who: max(year - loads[who], 0.0) for who in colleagues} if year else {}
    if found and sum(found.values()) >= sum(need):
        return found
    mine = sum(loads[who] for who in colleagues)
    # Customers come whole, so there is room for the largest of them on top.
    even = ABOVE_EVEN * (mine + sum(need)) / max(len(colleagues), 1) + max(need, default=0.0)
    return {who: max(even - loads[who], LEAST) for who in colleagues}


def year_of_one() -> float | None:
    """Minutes that one of those who visit can work in a year; None where no pool tells it.

    The practical capacity of the pools that visit, by the representatives who can sign in: how
    many those are is no customer's figure, so everybody counts.
    """
    people = Representative.objects.filter(user__is_active=True, user__role=Role.REPRESENTATIVE)
    figures = PoolMonth.objects.filter(pool__in=visiting())
    if months := _months():
        figures = figures.filter(month__range=(months[0].first, months[-1].first))
    told = [(each.month, each.capacity) for each in figures]
    number = people.count()
    if not told or not number:
        return None
    whole = sum((capacity for _month, capacity in told), Decimal(0))
    return float(whole) * MONTHS / len({month for month, _capacity in told}) / number


def visiting() -> list[Pool]:
    """The pools whose people visit customers."""
    return list(Pool.objects.filter(types__kind=EntryKind.VISIT).distinct().order_by("pk"))


def _months() -> list[Month]:
    """The newest allocated months, at most twelve, the oldest first."""
    newest = history().values_list("month", flat=True).first()
    if newest is None:
        return []
    first = (newest - timedelta(days=330)).replace(day=1)
    found = set(history().filter(month__gte=first).values_list("month", flat=True))
    return [Month(month) for month in sorted(found)]
