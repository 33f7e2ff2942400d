"""The chains of the sample company: a wholesaler above dealers, and what these sold on.

Nobody reports of everybody. Of the end customers who buy from us as well, one at each dealer stands
in its reports too: these are the conflicts.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from kundenstamm.chain.actions import reckon_due
from kundenstamm.chain.models import SellThrough
from kundenstamm.customers.models import ChainLink, Customer, Link
from kundenstamm.guard.models import User
from kundenstamm.ledger.models import Source
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.lifecycle.queries.runs import latest_run

STORY = "Nord-Süd Handels KG"
REPORTS = "Händlermeldungen"
MONTHS, BEHIND_WHOLESALER = 12, 3
# Their customers of whom we know no more than the name.
STRANGERS = ("Tischlerei Amselgrund", "Malerbetrieb Kieswinkel", "Hausmeisterdienst Rohrbach")
# A dealer adds so much to our price.
MARKUP = Decimal("1.25")


@transaction.atomic
def sell_on(*, actor: User, at: datetime) -> None:
    """Once: a chain of three links at Anna's, and a year of reports of its dealers."""
    if not SellThrough.objects.exists() and latest_run() is not None:
        today = timezone.localdate(at)
        dealers = [*_below_wholesaler(today), *Customer.objects.filter(name=STORY)]
        source, _made = Source.objects.get_or_create(name=REPORTS)
        for dealer in dealers:
            _report(dealer, source, today)
    reckon_due(actor=actor, at=at)


def _below_wholesaler(today: date) -> list[Customer]:
    """Anna's largest dealer without end customers of its own supplies those with most."""
    annas = Customer.objects.filter(
        Q(assignments__ends=None), link=Link.DEALER, confidential=False,
        assignments__representative__user__email="anna@example.com",
    ).annotate(n=Count("downstream_links", distinct=True))  # fmt: skip
    largest = annas.filter(n=0, estimates__run=latest_run(), estimates__occasions__gt=5)
    top = largest.order_by("-estimates__year_net_revenue").first()
    dealers = list(annas.filter(n__gt=0).order_by("-n", "number")[:BEHIND_WHOLESALER])
    if top is None:
        return dealers
    top.link = Link.WHOLESALER
    top.save(update_fields=["link"])
    since = today - timedelta(days=700)
    for dealer in dealers:
        ChainLink.objects.create(upstream=top, downstream=dealer, valid_from=since)
    return dealers


def _report(dealer: Customer, source: Source, today: date) -> None:
    run, chance = latest_run(), random.Random(dealer.number)  # noqa: S311
    ends = list(Customer.objects.filter(upstream_links__upstream=dealer).order_by("number"))
    direct = dict(
        Estimate.objects.filter(run=run, customer__in=ends, year_net_revenue__gt=0).values_list(
            "customer", "year_net_revenue"
        )
    )
    both = max(direct, key=lambda pk: direct[pk], default=None)
    named = [each for each in ends if each.pk not in direct or each.pk == both]
    whom: list[tuple[Customer | None, str]] = [(each, "") for each in named]
    whom += [(None, name) for name in STRANGERS]
    bought = Estimate.objects.filter(run=run, customer=dealer).values_list("year_net_revenue")
    year = max(next(iter(bought), (Decimal(0),))[0], Decimal(12_000)) * MARKUP
    rows = []
    for back in range(MONTHS):
        last = _month_end(today, back)
        for line, (end, name) in enumerate(whom, start=1):
            share = Decimal(chance.randint(60, 140)) / 100 / (MONTHS * len(whom))
            rows.append(
                SellThrough(
                    dealer=dealer, end_customer=end, end_name=name, first_day=last.replace(day=1),
                    last_day=last, amount=round(year * share, 2), source=source,
                    document=f"{dealer.number}-{last:%Y-%m}", line=line,
                )
            )  # fmt: skip
    SellThrough.objects.bulk_create(rows)


def _month_end(today: date, back: int) -> date:
    """Last day of a month, ``back`` before the one that is over last."""
    last = today.replace(day=1) - timedelta(days=1)
    for _ in range(back):
        last = last.replace(day=1) - timedelta(days=1)
    return last
