"""Which customers?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Func, TextField, Value

from kundenstamm.guard.queries import NeedToKnowQuerySet

if TYPE_CHECKING:
    pass


class Fold(Func):
    """Lower case, umlauts and accents folded: the database's own function, defined once there."""

    function = "customers_fold"
    output_field = TextField()


class CustomerQuerySet(NeedToKnowQuerySet["Customer"]):
    customer_path = ""

    def matching(self, words: str) -> Self:
        """Customers whose name, number or place contains every word, in part or whole.

        Each word narrows through the index on three-letter pieces, then is compared exactly.
        """
        found = self
        for word in words.split():
            found = found.filter(search__contains=Fold(Value(word)))
            found = found.extra(
                where=["customers_pieces(customers_customer.search) @> customers_query_pieces(%s)"],
                params=[word],
            )
        return found
