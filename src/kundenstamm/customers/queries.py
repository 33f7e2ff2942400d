"""Which customers?"""

from __future__ import annotations

from typing import Self

from django.db.models import BooleanField, Func, Model, TextField, Value

from kundenstamm.guard.queries import NeedToKnowQuerySet


class Fold(Func):
    """Lower case, umlauts and accents folded: the database's own function, defined once there."""

    function = "customers_fold"
    output_field = TextField()


class SharesPieces(Func):
    """Whether a folded text has all three-letter pieces of what was typed; served by an index."""

    template = "customers_pieces(%(expressions)s)"
    arg_joiner = ") @> customers_query_pieces("
    arity = 2
    output_field = BooleanField()
    conditional = True


class CustomerQuerySet(NeedToKnowQuerySet[Model]):
    customer_path = ""

    def matching(self, words: str) -> Self:
        """Customers whose name, number or place contains every word, in part or whole.

        Each word narrows through the index on three-letter pieces, then is compared exactly.
        """
        found = self
        for word in words.split():
            typed = Value(word)
            found = found.filter(SharesPieces("search", typed), search__contains=Fold(typed))
        return found
