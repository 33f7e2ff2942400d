"""Which links of the chain? Of a link both ends must be known; only then it is told."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.db.models import Q

from kundenstamm.customers.models import ChainLink, Customer
from kundenstamm.customers.models import ChainLinkQuerySet as Links
from kundenstamm.customers.queries import known_among
from kundenstamm.guard.models import User
from kundenstamm.guard.queries import known_one_by_one


def known_links(actor: User) -> Links:
    """All, over and to come ones, too."""
    known = Customer.objects.visible_one_by_one(actor)
    return ChainLink.objects.visible_one_by_one(actor).filter(upstream__in=known)


def links_of(actor: User, customer: Customer) -> Links:
    """Those that it is an end of, the newest first."""
    found = known_links(actor).filter(Q(upstream=customer) | Q(downstream=customer))
    return found.select_related("upstream", "downstream").order_by("-valid_from", "-pk")


def suppliers_of(actor: User, customer: Customer, day: date) -> list[Customer]:
    """Who supplies it on a day, by name."""
    found = known_links(actor).on(day).filter(downstream=customer)
    ids = list(found.values_list("upstream", flat=True))
    return list(known_among(actor, ids).order_by("sort_name", "pk")) if ids else []


def links_below(actor: User, customer: Customer) -> list[tuple[int, int]]:
    """Upper and lower end of each link at any depth below, whenever it holds."""
    upper, lower = (known_one_by_one(actor, f"link.{end}_id") for end in ("upstream", "downstream"))
    with connection.cursor() as cursor:
        cursor.execute(_BELOW.format(upper=upper, lower=lower), [customer.pk])
        return list(cursor.fetchall())


_BELOW = """
WITH RECURSIVE below AS (
    SELECT %s::bigint AS id
    UNION
    SELECT link.downstream_id FROM below
    JOIN customers_chainlink AS link ON link.upstream_id = below.id
    WHERE {lower}
)
SELECT link.upstream_id, link.downstream_id FROM below
JOIN customers_chainlink AS link ON link.upstream_id = below.id
WHERE {upper} AND {lower}
"""
