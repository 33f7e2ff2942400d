"""Mail addresses and phones of a customer file: sealed before the database sees any of them.

The same text sealed twice differs, so what has not changed is known by its blind index and left
out; what is left is new or another one.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from kundenstamm.customers.models import Contact
from kundenstamm.guard import keys
from kundenstamm.guard.sealed_fields import indexes_of, sealed_columns

if TYPE_CHECKING:
    import polars as pl

# Stand in a staged table in place of the plain columns.
COLUMNS = {"contact_key": "uuid"} | {
    column: "text" for name in Contact.sealed_fields for column in (name, f"{name}_index")
}


@dataclass(frozen=True)
class _Known:
    """A customer's main contact as it is: its key, and its indexes by column."""

    key: uuid.UUID
    indexes: dict[str, str]


def sealed(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `COLUMNS` in place of plain text; null where the file says nothing new.

    Needs a transaction, which must also write them: until then no key is forgotten.
    """
    import polars as pl

    keys.hold()
    ring = keys.ring()
    known = _known(rows["customer"].to_list())
    names = list(Contact.sealed_fields)
    found: dict[str, list[str | None]] = {column: [] for column in COLUMNS}
    for number, *texts in rows.select("customer", *names).iter_rows():
        contact = known.get(number) or _Known(uuid.uuid4(), {})
        found["contact_key"].append(str(contact.key))
        for name, text in zip(names, texts, strict=True):
            for column, value in _of(contact, name, text, ring).items():
                found[column].append(value)
    plain = pl.DataFrame(found, schema=dict.fromkeys(COLUMNS, pl.String))
    return rows.drop(names).hstack(plain)


def _of(contact: _Known, name: str, text: str | None, ring: keys.Ring) -> dict[str, str | None]:
    held = contact.indexes.get(name, "")
    if not text or (held and held in indexes_of(Contact, name, text, ring)):
        return {name: None, f"{name}_index": None}
    return dict(sealed_columns(Contact, contact.key, name, text, ring.current))


def _known(numbers: list[str]) -> dict[str, _Known]:
    names = list(Contact.sealed_fields)
    indexes = ", ".join(f"contact.{name}_index" for name in names)
    with connection.cursor() as cursor:
        # Column names are our own literals: there is nothing to inject.
        cursor.execute(
            f"SELECT customer.number, contact.key, {indexes} FROM customers_customer AS customer "  # noqa: S608
            "JOIN customers_contact AS contact "
            "ON contact.customer_id = customer.id AND contact.is_main "
            "WHERE customer.number = ANY(%s)",
            [numbers],
        )
        return {
            number: _Known(key, dict(zip(names, rest, strict=True)))
            for number, key, *rest in cursor.fetchall()
        }
