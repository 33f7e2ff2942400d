"""Need-to-know: the first words of every query."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import connection, models
from django.db.models import BooleanField, F, Func, Q, Value

from kundenstamm.guard.rights import Reach, reach_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser

    from kundenstamm.guard.models import User

M = TypeVar("M", bound=models.Model)


KNOWN, HIDDEN = "customers_known_to", "customers_hidden_from"
KNOWN_BITS, KNOWN_BELOW = "customers_known_bits", "customers_known_below"


class _IsAmong(Func):
    """Whether a column's customer is in the ids that a database function has for a person."""

    template = "%(expressions)s))::bigint[])"
    output_field = BooleanField()

    def __init__(self, column: str, function: str, person: int) -> None:
        super().__init__(F(column), Value(person), arg_joiner=f" = ANY ((SELECT {function}(")


class _HasBit(Func):
    """The same, by one bit for each id: no list is made, and each row is looked up by its place."""

    output_field = BooleanField()

    def __init__(self, column: str, person: int) -> None:
        super().__init__(F(column), template=bit_of("%(expressions)s", person))


class NeedToKnowQuerySet(models.QuerySet[M]):
    """Rows about customers. ``customer_path`` leads from a row to its customer (``""``: itself)."""

    customer_path = "customer"
    # To other customers whom one must know as well, where the row speaks of them.
    further_paths: tuple[str, ...] = ()

    def visible_to(self, actor: User | AnonymousUser | None) -> Self:
        """The rows this actor may know of; nobody in particular knows nothing."""
        reach = reach_of(actor)
        if reach is Reach.NONE or actor is None or actor.pk is None:
            return self.none()
        return self.filter(self._known(reach, actor.pk))

    def visible_one_by_one(self, actor: User | AnonymousUser | None) -> Self:
        """The same rows, where an index or another condition leads to the few that are wanted.

        By `visible_to` the database would look up all customers of the actor, who may be twenty
        thousand; so it goes the other way, and leaves out whom the actor does not know.
        """
        if actor is None or reach_of(actor) in (Reach.NONE, Reach.ALL) or actor.pk is None:
            return self.visible_to(actor)
        person = actor.pk
        return self.filter(self._all_known(lambda column: Q(_HasBit(column, person))))

    def _known(self, reach: Reach, person: int) -> Q:
        return self._all_known(lambda column: _known(column, reach, person))

    def _all_known(self, known: Callable[[str], Q]) -> Q:
        first = known(f"{self.customer_path}_id" if self.customer_path else "pk")
        others = (
            Q(**{f"{path}__isnull": True}) | known(f"{path}_id") for path in self.further_paths
        )
        return reduce(and_, others, first)


def _known(column: str, reach: Reach, person: int) -> Q:
    if reach is Reach.ALL:
        return ~Q(_IsAmong(column, HIDDEN, person))
    return Q(_IsAmong(column, KNOWN, person))


def known_customers(actor: User | AnonymousUser | None, column: str) -> str:
    """`NeedToKnowQuerySet.visible_to` for statements in plain SQL: a condition on a column.

    The column must be one that the code names: it is not escaped.
    """
    reach = reach_of(actor)
    if reach is Reach.NONE or actor is None or actor.pk is None:
        return "false"
    function, whether = (HIDDEN, "NOT ") if reach is Reach.ALL else (KNOWN, "")
    return f"{whether}{column} = ANY ((SELECT {function}({int(actor.pk)}))::bigint[])"


def known_one_by_one(actor: User | AnonymousUser | None, column: str) -> str:
    """`NeedToKnowQuerySet.visible_one_by_one` for statements in plain SQL, as `known_customers`."""
    if actor is None or reach_of(actor) in (Reach.NONE, Reach.ALL) or actor.pk is None:
        return known_customers(actor, column)
    return bit_of(column, actor.pk)


def bit_of(column: str, person: int) -> str:
    """A condition on a column that the code names; an id younger than the bits has none."""
    bits, below = (f"(SELECT {name}({int(person)}))" for name in (KNOWN_BITS, KNOWN_BELOW))
    return (
        f"CASE WHEN {column} >= {below} THEN false "
        f"ELSE get_bit({bits}, ({column} # 56)::integer) = 1 END"
    )


def customer_column(model: type[models.Model]) -> str:
    """The column with the customer's id; empty for a model that is not about customers."""
    found = model._default_manager.all()
    if not isinstance(found, NeedToKnowQuerySet):
        return ""
    if not found.customer_path:
        return "id"
    field = model._meta.get_field(found.customer_path)
    return str(getattr(field, "column", ""))


def further_columns(model: type[models.Model]) -> list[str]:
    """Columns with the ids, or nothing, of others whom one must know to know of the row."""
    found = model._default_manager.all()
    paths = found.further_paths if isinstance(found, NeedToKnowQuerySet) else ()
    return [str(getattr(model._meta.get_field(path), "column", "")) for path in paths]


def sees_whole_base(actor: User | AnonymousUser | None) -> bool:
    """Whether nothing at all is kept from the actor: only they are shown sums over everybody."""
    if reach_of(actor) is not Reach.ALL or actor is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(customers_hidden_from(%s)) = 0", [actor.pk])
        return bool(cursor.fetchone()[0])
