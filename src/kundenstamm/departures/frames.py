"""Customers and colleagues as the analytic core wants them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Q

from kundenstamm.care.models import Interaction
from kundenstamm.customers.models import Assignment, Contact, Representative
from kundenstamm.departures.bound import Bound, bound
from kundenstamm.departures.models import Absence, Departure
from kundenstamm.departures.rooms import free_minutes, minutes_a_year
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.worth.handover.fit import Held, Place, Successor
from kundenstamm.worth.handover.places import region_of

# Of what a customer brings, what goes in the first year with who served it, on average: the middle
# of 13–18 % (Shi, Sridhar, Grewal and Lilien 2017).
LOSS_RATE = 0.15
MET_DAYS = 730
# So many visits, calls or mails within two years are knowing each other well.
KNOWN_WELL = 3
YEAR = timedelta(days=365)
# So many customers lie on one way: who visits goes round.
ROUND = 4


@dataclass(frozen=True)
class Task:
    """The customers to hand over and who could take them; columns go by ``colleagues``."""

    bound: tuple[Bound, ...]
    held: tuple[Held, ...]
    colleagues: tuple[Representative, ...]
    successors: tuple[Successor, ...]


@dataclass(frozen=True)
class _Served:
    """A customer that a colleague serves."""

    who: int
    customer: int
    trade: str
    region: str
    country: str
    postcode: str


def handing_over(
    actor: User, representative: Representative, day: date, rate: float = LOSS_RATE,
    rooms: Mapping[str, float] | None = None,
) -> Task:  # fmt: skip
    """What is known of a hand-over on a day, by the actor's eyes.

    ``rooms``: minutes a year by the id of a colleague, where somebody knows better.
    """
    found = bound(actor, representative, day)
    colleagues = candidates(actor, representative)
    contacts = Contact.objects.visible_to(actor).standing().exclude(language="")
    languages = dict(contacts.filter(is_main=True).values_list("customer", "language"))
    served = _served(actor, colleagues, day)
    mine = [each.customer.pk for each in found]
    minutes = minutes_a_year(actor, {*mine, *(each.customer for each in served)}, day)
    visits = _visits(actor, mine, day)
    held = tuple(
        Held(
            str(each.customer.pk), float(each.value) * each.share * rate,
            minutes=minutes[each.customer.pk], trade=each.customer.trade,
            region=each.customer.region, language=languages.get(each.customer.pk, ""),
            place=_place(each.customer.postcode, each.customer.country),
            visits=visits[each.customer.pk] / ROUND,
        )
        for each in found
    )  # fmt: skip
    free = free_minutes(
        [each.pk for each in colleagues], [(each.who, each.customer) for each in served], minutes,
        [each.minutes for each in held],
    )  # fmt: skip
    could = _successors(colleagues, served, languages, minutes, free)
    met, told = _met(actor, colleagues, mine, day), rooms or {}
    return Task(
        tuple(found), held, tuple(colleagues),
        tuple(
            replace(each, known=met.get(of.user_id or 0, {}),
                    capacity=told.get(each.name, each.capacity))
            for of, each in zip(colleagues, could, strict=True)
        ),
    )  # fmt: skip


def successors(
    actor: User, colleagues: Sequence[Representative], customers: Sequence[int],
    languages: Mapping[int, str], day: date,
) -> list[Successor]:  # fmt: skip
    """What is known of each colleague on a day; how many minutes they have is not asked."""
    served = _served(actor, colleagues, day)
    minutes = minutes_a_year(actor, {each.customer for each in served}, day)
    free = dict.fromkeys((each.pk for each in colleagues), 0.0)
    found = _successors(colleagues, served, languages, minutes, free)
    met = _met(actor, colleagues, customers, day)
    return [
        replace(each, known=met.get(of.user_id or 0, {}))
        for of, each in zip(colleagues, found, strict=True)
    ]


def candidates(actor: User, leaving: Representative) -> list[Representative]:
    """Who could take customers over: may record, is not locked, and is not leaving, too."""
    going = Departure.objects.visible_to(actor).running().values("person")
    found = Representative.objects.filter(user__is_active=True).exclude(user__in=going)
    related = found.exclude(pk=leaving.pk).select_related("user").order_by("name", "pk")
    return [each for each in related if may(each.user, Right.RECORD)]


def _served(actor: User, colleagues: Sequence[Representative], day: date) -> list[_Served]:
    """Whom colleagues serve on a day already."""
    serving = Assignment.objects.visible_to(actor).filter(
        Q(ends=None) | Q(ends__gte=day), starts__lte=day, representative__in=colleagues
    )
    # Whoever stands in for some days has no more to do for good.
    lasting = serving.exclude(pk__in=Absence.objects.all().lent(day))
    told = lasting.order_by().values_list(
        "representative", "customer", "customer__trade", "customer__region", "customer__country",
        "customer__postcode",
    )  # fmt: skip
    return [_Served(*row) for row in told.distinct()]


def _successors(
    colleagues: Sequence[Representative], served: Sequence[_Served], languages: Mapping[int, str],
    minutes: Mapping[int, float], free: Mapping[int, float],
) -> Iterable[Successor]:  # fmt: skip
    at_home: dict[int, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    places: dict[int, Counter[Place]] = defaultdict(Counter)
    for each in served:
        at_home[each.who]["trade"][each.trade] += 1
        at_home[each.who]["region"][each.region] += 1
        at_home[each.who]["language"][languages.get(each.customer, "")] += 1
        if place := _place(each.postcode, each.country):
            places[each.who][place] += round(minutes[each.customer])
    for one in colleagues:
        home = at_home[one.pk]
        yield Successor(
            str(one.pk), free[one.pk], _parts(home["trade"]), _parts(home["region"]),
            frozenset({getattr(one.user, "language", ""), *home["language"]}),
            place=_home(places[one.pk]),
        )  # fmt: skip


def _home(places: Counter[Place]) -> Place | None:
    """Where most minutes are, somebody is at home."""
    return max(places, key=lambda place: (places[place], place), default=None)


def _place(postcode: str, country: str) -> Place | None:
    found = region_of(postcode, country)
    return found[1] if found else None


def _visits(actor: User, customers: Sequence[int], day: date) -> Counter[int]:
    """How often each customer was visited in the last year: so often somebody drives there."""
    told = Interaction.objects.visible_to(actor).standing().filter(
        kind=Interaction.Kind.VISIT, customer__in=customers, day__gt=day - YEAR, day__lte=day
    )  # fmt: skip
    rows = told.order_by().values_list("customer").annotate(number=Count("pk"))
    return Counter(dict(rows))


def _parts(counted: Counter[str]) -> dict[str, float]:
    """Against the most frequent one, which is one; what is not noted is nothing."""
    top = max((number for name, number in counted.items() if name), default=1)
    return {name: number / top for name, number in counted.items() if name}


def _met(
    actor: User, colleagues: Sequence[Representative], customers: Sequence[int], day: date
) -> dict[int, dict[str, float]]:
    """User → customer → how well they know each other."""
    told = (
        Interaction.objects.visible_to(actor)
        .standing()
        .filter(
            day__gt=day - timedelta(days=MET_DAYS), reached=True,
            author__in=[each.user_id for each in colleagues],
            customer__in=customers,
        )
        .order_by()
        .values_list("author", "customer")
        .annotate(number=Count("pk"))
    )  # fmt: skip
    met: dict[int, dict[str, float]] = defaultdict(dict)
    for author, customer, number in told:
        met[author][str(customer)] = min(number / KNOWN_WELL, 1.0)
    return met
