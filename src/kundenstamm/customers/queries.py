"""Which customers?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import BooleanField, F, Func, Q, TextField, Value

from kundenstamm.guard.queries import NeedToKnowQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kundenstamm.guard.models import User

if TYPE_CHECKING:
    from kundenstamm.customers.models import Customer  # noqa: F401


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
    found = Q()
    for word in words.split():
        found &= Q(**{f"{path}search__contains": Fold(Value(word))})
        found &= Q(HasPieces(F(f"{path}search"), Value(word)))
    return found


def regions(actor: User) -> list[str]:
    """The regions to filter by."""
    from kundenstamm.customers.models import Customer

    visible = Customer.objects.visible_to(actor).exclude(region="")
    return list(visible.order_by("region").values_list("region", flat=True).distinct()[:100])


def representatives() -> list[tuple[str, str]]:
    """Code and name of everybody who serves or has served customers."""
    from kundenstamm.customers.models import Representative

    return list(Representative.objects.order_by("name").values_list("code", "name"))
