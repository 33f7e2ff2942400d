"""Which customers are there twice: the base compared with itself, or with rows that come in.

Phones and mail addresses are compared by their blind indexes, so nothing is opened for it but what
mail addresses are at. What is found of customers whom somebody may not know is never told to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from kundenstamm.customers.doubles_queries import standing
from kundenstamm.customers.models import Contact, Customer, Duplicate
from kundenstamm.guard import keys
from kundenstamm.guard.models import User
from kundenstamm.guard.sealed import opened
from kundenstamm.guard.sealed_fields import indexes_of, place_of
from kundenstamm.worth.duplicates import spelling

if TYPE_CHECKING:
    import polars as pl

PLAIN = ("name", "street", "postcode", "city", "vat_id")


@dataclass(frozen=True)
class Described:
    """What is known of somebody who may be a customer already."""

    name: str
    street: str = ""
    postcode: str = ""
    city: str = ""
    vat_id: str = ""
    phone: str = ""
    mail: str = ""


@dataclass(frozen=True)
class Hint:
    """A row that comes in looks like a customer, or like an earlier row of the same file."""

    row: int
    probability: float
    reasons: Mapping[str, str] = field(default_factory=dict)
    customer: Customer | None = None
    other: int | None = None


@dataclass(frozen=True)
class Found:
    """One search of the whole base: pairs that are open now, and how many of these are new."""

    open: int
    new: int


@transaction.atomic
def find(*, actor: User, at: datetime) -> Found:  # noqa: ARG001
    """Compare the whole base with itself and keep the pairs; those said to be two stay so.

    For jobs, which see the whole base.
    """
    from kundenstamm.worth.duplicates.model import pairs

    made = [_pair(row, at) for row in pairs(_base(Customer.objects.all())).to_dicts()]
    wanted = {(each.first_id, each.second_id) for each in made}
    known = {
        (first, second): pk
        for pk, first, second in Duplicate.objects.values_list("pk", "first_id", "second_id")
    }
    gone = [pk for pair, pk in known.items() if pair not in wanted]
    Duplicate.objects.filter(pk__in=gone, apart_at=None).delete()
    fresh = [each for each in made if (each.first_id, each.second_id) not in known]
    Duplicate.objects.bulk_create(fresh, batch_size=2_000)
    for each in made:
        if pk := known.get((each.first_id, each.second_id)):
            Duplicate.objects.filter(pk=pk).exclude(
                probability=each.probability, reasons=each.reasons
            ).update(probability=each.probability, reasons=each.reasons)
    return Found(Duplicate.objects.filter(apart_at=None).count(), len(fresh))


def hints(new: Mapping[int, Described], *, actor: User) -> list[Hint]:
    """Who of these looks like a customer that the actor knows, or like an earlier one of these.

    Of customers whom the actor may not know nothing is said. The likeliest first.
    """
    from kundenstamm.worth.duplicates.model import pairs, pairs_between

    if not new:
        return []
    arrived = _rows((str(row), _told(each)) for row, each in new.items())
    base = _base(standing(actor))
    like = pairs_between(base, arrived).to_dicts()
    known = standing(actor).in_bulk([int(row["first"]) for row in like])
    found = [
        Hint(int(row["second"]), row["probability"], reasons(row), known[int(row["first"])])
        for row in like
    ]
    for row in pairs(arrived).to_dicts():
        first, second = sorted((int(row["first"]), int(row["second"])))
        found.append(Hint(second, row["probability"], reasons(row), other=first))
    return sorted(found, key=lambda hint: (-hint.probability, hint.row))


def reasons(row: Mapping[str, Any]) -> dict[str, str]:
    """What was found alike, by what was compared."""
    from kundenstamm.worth.duplicates.model import COMPARED

    return {name: row[name] for name in COMPARED if row[name]}


def _pair(row: Mapping[str, Any], at: datetime) -> Duplicate:
    first, second = sorted((int(row["first"]), int(row["second"])))
    return Duplicate(
        first_id=first,
        second_id=second,
        probability=round(row["probability"], 4),
        reasons=reasons(row),
        found_at=at,
    )


def _base(customers: Any) -> pl.DataFrame:
    """Customers that stand, with the indexes of how their contacts are reached."""
    counted = customers.filter(withdrawn=False)
    reached: dict[int, dict[str, list[str]]] = {}
    contacts = Contact.objects.filter(customer__in=counted.values("pk"), withdrawn_at=None)
    ring = keys.ring() if contacts.filter(~Q(email="")).exists() else None
    columns = ("customer_id", "key", "phone_index", "email_index", "email")
    for customer, key, phone, mail, sealed in contacts.values_list(*columns):
        of = reached.setdefault(customer, {"phones": [], "mails": [], "domains": []})
        of["phones"] += [phone] if phone else []
        of["mails"] += [mail] if mail else []
        if sealed:
            at = spelling.domain(opened(sealed, place_of(Contact, "email", key), ring))
            of["domains"] += [at] if at else []
    return _rows(
        (str(pk), dict(zip(PLAIN, plain, strict=True)) | reached.get(pk, {}))
        for pk, *plain in counted.values_list("pk", *PLAIN)
    )


def _told(each: Described) -> dict[str, Any]:
    at = spelling.domain(each.mail)
    return {name: getattr(each, name) for name in PLAIN} | {
        "phones": indexes_of(Contact, "phone", each.phone) if each.phone else [],
        "mails": indexes_of(Contact, "email", each.mail) if each.mail else [],
        "domains": [at] if at else [],
    }


def _rows(described: Iterable[tuple[str, Mapping[str, Any]]]) -> pl.DataFrame:
    """As `kundenstamm.worth.duplicates.table.COLUMNS` has them."""
    import polars as pl

    from kundenstamm.worth.duplicates.table import COLUMNS

    rows = [
        {"id": pk, "vat": told["vat_id"]}
        | {name: told[name] for name in PLAIN if name != "vat_id"}
        | {name: told.get(name, []) for name in ("phones", "mails", "domains")}
        for pk, told in described
    ]
    return pl.DataFrame(rows, schema=COLUMNS)
