"""Customers and colleagues as the analytic core wants them."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from kundenstamm.care.models import Interaction
from kundenstamm.customers.models import Assignment, Contact, Representative
from kundenstamm.departures.bound import Bound, bound
from kundenstamm.departures.models import Departure
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.worth.handover.fit import Held, Successor

# Of what a customer brings, what goes in the first year with who served it, on average: the middle
# of 13–18 % (Shi, Sridhar, Grewal and Lilien 2017).
LOSS_RATE = 0.15
MET_DAYS = 730
# So many visits, calls or mails within two years are knowing each other well.
KNOWN_WELL = 3
# Nobody shall have more customers than this part above an even share, as long as that goes.
ABOVE_EVEN = 1.1


@dataclass(frozen=True)
class Task:
    """The customers to hand over and who could take them; columns go by ``colleagues``."""

    bound: tuple[Bound, ...]
    held: tuple[Held, ...]
    colleagues: tuple[Representative, ...]
    successors: tuple[Successor, ...]


def handing_over(
    actor: User, representative: Representative, day: date, rate: float = LOSS_RATE
) -> Task:
    """What is known of a hand-over on a day, by the actor's eyes."""
    found = bound(actor, representative, day)
    colleagues = candidates(actor, representative)
    contacts = Contact.objects.visible_to(actor).standing().exclude(language="")
    languages = dict(contacts.filter(is_main=True).values_list("customer", "language"))
    held = tuple(
        Held(
            str(each.customer.pk), float(each.value) * each.share * rate,
            trade=each.customer.trade, region=each.customer.region,
            language=languages.get(each.customer.pk, ""),
        )
        for each in found
    )  # fmt: skip
    return Task(
        tuple(found), held, tuple(colleagues),
        tuple(successors(actor, colleagues, found, languages, day)),
    )  # fmt: skip


def candidates(actor: User, leaving: Representative) -> list[Representative]:
    """Who could take customers over: may record, is not locked, and is not leaving, too."""
    going = Departure.objects.visible_to(actor).running().values("person")
    found = Representative.objects.filter(user__is_active=True).exclude(user__in=going)
    related = found.exclude(pk=leaving.pk).select_related("user").order_by("name", "pk")
    return [each for each in related if may(each.user, Right.RECORD)]


def successors(
    actor: User, colleagues: Sequence[Representative], found: Sequence[Bound],
    languages: Mapping[int, str], day: date,
) -> Iterable[Successor]:  # fmt: skip
    serving = Assignment.objects.visible_to(actor).filter(
        Q(ends=None) | Q(ends__gte=day), starts__lte=day, representative__in=colleagues
    )
    at_home: dict[int, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    loads: Counter[int] = Counter()
    told = serving.values_list(
        "representative", "customer", "customer__trade", "customer__region"
    ).distinct()
    for pk, customer, trade, region in told:
        loads[pk] += 1
        at_home[pk]["trade"][trade] += 1
        at_home[pk]["region"][region] += 1
        at_home[pk]["language"][languages.get(customer, "")] += 1
    met = _met(actor, colleagues, found, day)
    even = math.ceil(ABOVE_EVEN * (sum(loads.values()) + len(found)) / max(len(colleagues), 1))
    for each in colleagues:
        speaks = {getattr(each.user, "language", ""), *at_home[each.pk]["language"]}
        yield Successor(
            str(each.pk), max(even - loads[each.pk], 1), _parts(at_home[each.pk]["trade"]),
            _parts(at_home[each.pk]["region"]), frozenset(speaks), met.get(each.user_id or 0, {}),
        )  # fmt: skip


def _parts(counted: Counter[str]) -> dict[str, float]:
    """Against the most frequent one, which is one; what is not noted is nothing."""
    top = max((number for name, number in counted.items() if name), default=1)
    return {name: number / top for name, number in counted.items() if name}


def _met(
    actor: User, colleagues: Sequence[Representative], found: Sequence[Bound], day: date
) -> dict[int, dict[str, float]]:
    """User → customer → how well they know each other."""
    told = (
        Interaction.objects.visible_to(actor)
        .standing()
        .filter(
            day__gt=day - timedelta(days=MET_DAYS), reached=True,
            author__in=[each.user_id for each in colleagues],
            customer__in=[each.customer.pk for each in found],
        )
        .order_by()
        .values_list("author", "customer")
        .annotate(number=Count("pk"))
    )  # fmt: skip
    met: dict[int, dict[str, float]] = defaultdict(dict)
    for author, customer, number in told:
        met[author][str(customer)] = min(number / KNOWN_WELL, 1.0)
    return met
