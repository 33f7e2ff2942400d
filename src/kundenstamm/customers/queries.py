"""Which customers?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, Q, TextField, Value

from kundenstamm.guard.queries import NeedToKnowQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kundenstamm.guard.models import User

if TYPE_CHECKING:
    from kundenstamm.customers.models import Customer  # noqa: F401

SHOWN_REGIONS = 100


class Fold(Func):
    """Lower case, umlauts and accents folded: the database's own function, defined once there."""

    function = "customers_fold"
    output_field = TextField()


class HasPieces(Func):
    """Whether a folded text has every three-letter piece of a word, as the index can answer."""

    template = "customers_pieces(%(expressions)s)"
    arg_joiner = ") @> customers_query_pieces("
    output_field = BooleanField()


class CustomerQuerySet(NeedToKnowQuerySet["Customer"]):
    customer_path = ""

    def visible_to(self, actor: User | AnonymousUser | None) -> Self:
        return super().visible_to(actor).filter(withdrawn=False)

    def matching(self, words: str) -> Self:
        """Customers whose name, number or place contains every word, in part or whole."""
        return self.filter(matches(words))


def matches(words: str, path: str = "") -> Q:
    """The condition behind ``matching``, for rows whose customer stands at ``path``.

    Each word narrows through the index on three-letter pieces, then is compared exactly.
    """
    found = contains(words, path)
    for word in words.split():
        found &= Q(HasPieces(F(f"{path}search"), Value(word)))
    return found


def contains(words: str, path: str = "") -> Q:
    """The same rows without the index: for few rows that are at hand anyway."""
    found = Q()
    for word in words.split():
        found &= Q(**{f"{path}search__contains": Fold(Value(word))})
    return found


def regions(actor: User | None) -> list[str]:
    """The regions to filter by."""
    from kundenstamm.customers.models import Customer

    try:
        rows = Customer.objects.visible_to(actor).values("region")
        visible, of_actor = rows.query.sql_with_params()
    except EmptyResultSet:  # Django says so of one who may see nobody
        return []
    with connection.cursor() as cursor:
        cursor.execute(_REGIONS.format(visible=visible), [*of_actor, *of_actor, SHOWN_REGIONS])
        return [region for (region,) in cursor.fetchall()]


# From each region to the next along the index: as many look-ups as there are regions, where a
# DISTINCT would read every customer.
_REGIONS = """
WITH RECURSIVE walked AS (
    (SELECT region FROM ({visible}) AS first WHERE region > '' ORDER BY region LIMIT 1)
    UNION ALL
    SELECT further.region FROM walked, LATERAL (
        SELECT region FROM ({visible}) AS next
        WHERE next.region > walked.region ORDER BY region LIMIT 1
    ) AS further
)
SELECT region FROM walked LIMIT %s
"""


def representatives() -> list[tuple[str, str]]:
    """Code and name of everybody who serves or has served customers."""
    from kundenstamm.customers.models import Representative

    return list(Representative.objects.order_by("name").values_list("code", "name"))
