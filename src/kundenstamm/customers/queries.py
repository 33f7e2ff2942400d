"""Which customers?"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    BigAutoField,
    BooleanField,
    F,
    ForeignKey,
    Func,
    Lookup,
    Q,
    TextField,
    Value,
)

from kundenstamm.guard.acting import read_once
from kundenstamm.guard.normalising import looks_like_mail, looks_like_phone
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.guard.rights import Reach, reach_of
from kundenstamm.guard.sealed_fields import indexes_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from kundenstamm.customers.models import (
        Assignment,
        BulkAct,
        BulkChange,
        Customer,
        Grant,
        Representative,
        Star,
    )
    from kundenstamm.guard.models import User

SHOWN_VALUES = 100


class Fold(Func):
    """Lower case, umlauts and accents folded: the database's own function, defined once there."""

    function = "customers_fold"
    output_field = TextField()


class AnyOf(Lookup):
    """``column = ANY(array)``: thousands of ids as one parameter."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        column, of_column = compiler.compile(self.lhs)
        return f"{column} = ANY(%s::bigint[])", (*of_column, list(self.rhs))


class Says(Func):
    """Whether a folded text has a word, in part or whole."""

    function = "customers_says"
    output_field = BooleanField()


BigAutoField.register_lookup(AnyOf)
ForeignKey.register_lookup(AnyOf)


class CustomerQuerySet(NeedToKnowQuerySet["Customer"]):
    customer_path = ""

    def _all_known(self, known: Callable[[str], Q]) -> Q:
        """Whoever was withdrawn is known to nobody, however the others are looked up."""
        return super()._all_known(known) & Q(withdrawn=False)


def matching_ids(words: str, at_most: int) -> list[int]:
    """Ids of customers whose name, number or place contains every word, in part or whole.

    They may be anybody's: narrow them by ``visible_to``. As many as ``at_most`` means that there
    may be more, and that they are not the first of any order.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT customers_matching(%s::text[], %s)", [words.split(), at_most])
        return list(cursor.fetchone()[0])


def reached_at(actor: User | None, words: str) -> list[int]:
    """Ids of customers with a contact of this very mail address or phone number.

    Parts of one are not found: contacts are sealed, and only whole ones have a blind index.
    """
    from kundenstamm.customers.models import Contact

    if looks_like_mail(words):
        of = Q(email_index__in=indexes_of(Contact, "email", words))
    elif looks_like_phone(words):
        of = Q(phone_index__in=indexes_of(Contact, "phone", words))
    else:
        return []
    return list(Contact.objects.visible_to(actor).filter(of).values_list("customer", flat=True))


def contains(words: str) -> Q:
    """The same customers one by one, without an index: for rows that are at hand anyway."""
    found = Q()
    for word in words.split():
        found &= Q(Says(F("search"), Value(word)))
    return found


def regions(actor: User | None) -> list[str]:
    """The regions to filter by."""
    return _values(actor, "region")


def channels(actor: User | None) -> list[str]:
    """The channels to filter by."""
    return _values(actor, "channel")


def _values(actor: User | None, column: str) -> list[str]:
    from kundenstamm.customers.models import Customer

    rows = Customer.objects.visible_to(actor).values(column)
    if reach_of(actor) is not Reach.ALL:
        # Of own customers there are few, so they are simply read.
        few = rows.exclude(**{column: ""}).order_by(column).distinct()
        return list(few.values_list(column, flat=True)[:SHOWN_VALUES])
    visible, of_actor = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        steps = _STEPS.format(visible=visible, column=column)
        cursor.execute(steps, [*of_actor, *of_actor, SHOWN_VALUES])
        return [value for (value,) in cursor.fetchall()]


# From each value to the next along the index: as many look-ups as there are values, where a
# DISTINCT would read every customer.
_STEPS = """
WITH RECURSIVE walked AS (
    (SELECT {column} FROM ({visible}) AS first WHERE {column} > '' ORDER BY {column} LIMIT 1)
    UNION ALL
    SELECT further.{column} FROM walked, LATERAL (
        SELECT {column} FROM ({visible}) AS next
        WHERE next.{column} > walked.{column} ORDER BY {column} LIMIT 1
    ) AS further
)
SELECT {column} FROM walked LIMIT %s
"""


def representatives() -> list[tuple[str, str]]:
    """Code and name of everybody who serves or has served customers."""
    from kundenstamm.customers.models import Representative

    return list(Representative.objects.order_by("name").values_list("code", "name"))


def known_customer(actor: User, key: UUID) -> Customer | None:
    """The customer behind a public key; None where there is none, or none for the actor."""
    return _known(actor, key=key)


def known_by_number(actor: User, number: str) -> Customer | None:
    """The customer of a number; None where there is none, or none for the actor."""
    return _known(actor, number=number)


def _known(actor: User, **told: Any) -> Customer | None:
    from kundenstamm.customers.models import Customer

    return Customer.objects.visible_one_by_one(actor).filter(**told).first()


def called(actor: User, name: str) -> QuerySet[Customer]:
    """Customers that the actor knows and that are called so, umlauts and case aside."""
    from kundenstamm.customers.models import Customer

    folded = Fold(Value(" ".join(name.split()), output_field=TextField()))
    return Customer.objects.visible_to(actor).filter(sort_name=folded)


def known_among(actor: User | None, customers: list[int]) -> QuerySet[Customer]:
    """Those of the customers that the actor knows of."""
    from kundenstamm.customers.models import Customer

    return Customer.objects.visible_to(actor).filter(pk__any_of=customers)


def opened_last(actor: User, at_most: int) -> list[Customer]:
    """Whose pages the actor opened last, the latest first, as the audit has it.

    Only those that the actor still knows of. Within a transaction on the actor's behalf: the
    database tells nobody what others have opened.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_opened_last(%s)", [5 * at_most])
        ids = [pk for (pk,) in cursor.fetchall()]
    found = {each.pk: each for each in known_among(actor, ids)} if ids else {}
    return [found[pk] for pk in ids if pk in found][:at_most]


def opened_since(actor: User, customers: list[int], since: datetime) -> set[int]:  # noqa: ARG001  (the transaction names it)
    """Those of the customers whose pages the actor has opened since then, as the audit has it.

    Within a transaction on the actor's behalf, as `opened_last`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_opened_since(%s::bigint[], %s)", [customers, since])
        return {pk for (pk,) in cursor.fetchall()}


def stars_of(actor: User) -> QuerySet[Star]:
    """The actor's own stars on customers that they know of, the newest first."""
    from kundenstamm.customers.models import Star

    found = Star.objects.visible_to(actor).filter(person=actor, customer__withdrawn=False)
    return found.order_by("-starred_at", "-id")


def starred_ids(actor: User) -> list[int]:
    return list(stars_of(actor).values_list("customer", flat=True))


def bulk_acts_of(actor: User) -> QuerySet[BulkAct]:
    """What the actor did to many customers at once, the latest first."""
    from kundenstamm.customers.models import BulkAct

    return BulkAct.objects.filter(done_by=actor).order_by("-id")


def changes_of(actor: User, act: BulkAct) -> QuerySet[BulkChange]:
    """What an act changed, as far as the actor knows of the customers, by name."""
    from kundenstamm.customers.models import BulkChange

    found = BulkChange.objects.visible_to(actor).filter(act=act, customer__withdrawn=False)
    return found.select_related("customer").order_by("customer__sort_name", "customer_id")


def assignments_among(actor: User, customers: list[int]) -> QuerySet[Assignment]:
    """Who serves, has served or will serve any of the customers."""
    from kundenstamm.customers.models import Assignment

    return Assignment.objects.visible_to(actor).filter(customer__any_of=customers)


def own_openings(actor: User, customers: list[int], *, at: datetime) -> QuerySet[Grant]:
    """What opens any of the customers to the actor personally, by now."""
    from kundenstamm.customers.models import Grant

    found = Grant.objects.visible_to(actor).filter(running(at), customer__any_of=customers)
    return found.filter(person=actor, kind=Grant.Kind.OPEN)


def assignments_of(actor: User, customer: Customer) -> QuerySet[Assignment]:
    """Who serves or has served a customer, the newest first."""
    from kundenstamm.customers.models import Assignment

    found = Assignment.objects.visible_to(actor).filter(customer=customer)
    return found.select_related("representative").order_by("-starts", "-id")


def serving_now_and_before(actor: User, customer: Customer) -> list[Assignment]:
    """The same, read once a page: its head and its timeline tell of them."""
    return read_once(
        f"assignments {actor.pk} {customer.pk}", lambda: list(assignments_of(actor, customer))
    )


def grants_of(actor: User, customer: Customer, *, at: datetime) -> QuerySet[Grant]:
    """To whom a customer is opened or closed by now, by name."""
    from kundenstamm.customers.models import Grant

    found = Grant.objects.visible_to(actor).filter(running(at), customer=customer)
    return found.select_related("person", "given_by").order_by("person__name", "kind", "id")


def running(at: datetime) -> Q:
    """Grants that hold at a moment."""
    return Q(starts_at__lte=at) & (Q(ends_at__isnull=True) | Q(ends_at__gt=at))


def to_hand_over(actor: User, representative: Representative, day: date) -> QuerySet[Assignment]:
    """What a representative serves on a day or will serve later, as far as the actor knows."""
    from kundenstamm.customers.models import Assignment

    lasting = Q(ends__isnull=True) | Q(ends__gte=day)
    known = Assignment.objects.visible_to(actor).filter(lasting, customer__withdrawn=False)
    return known.filter(representative=representative)


def without_account() -> list[Representative]:
    """Representatives whom no account serves as yet."""
    from kundenstamm.customers.models import Representative

    return list(Representative.objects.filter(user=None).order_by("name", "code"))


def open_grants(person: User, at: datetime) -> QuerySet[Grant]:
    """Openings of single customers that a person has: for ending them all."""
    from kundenstamm.customers.models import Grant

    lasting = Q(ends_at=None) | Q(ends_at__gt=at)
    return Grant.objects.filter(lasting, person=person, kind=Grant.Kind.OPEN)
