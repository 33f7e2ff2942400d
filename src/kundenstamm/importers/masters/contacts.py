"""Contacts of a customer file: what is personal is sealed before the database sees any of it.

The same text sealed twice differs, so what has not changed is known by its blind index and left
out; what is left is new or another one. Who is meant: the contact of that name, else the main one.
A main contact that a person keeps here is not given another name by a file: that is somebody new.
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

# Of the sealed fields, those that a file may have.
SEALED = ("email", "phone", "mention")
# Of a contact, what is not sealed; ``roles`` are codes with commas between them.
PLAIN = ("function", "roles", "salutation", "language", "objection")
# Stand in a staged table in place of the plain columns.
COLUMNS = {"contact_key": "uuid"} | {
    column: "text" for name in SEALED for column in (name, f"{name}_index")
}


@dataclass(frozen=True)
class _Known:
    """A contact as it is; ``kept``: a person entered or changed it. ``indexes`` are by column."""

    key: uuid.UUID
    name: str
    is_main: bool
    kept: bool
    indexes: dict[str, str]


def sealed(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `COLUMNS` in place of plain text; null where the file says nothing new.

    Needs a transaction, which must also write them: until then no key is forgotten.
    """
    import polars as pl

    keys.hold()
    ring = keys.ring()
    known = _known(rows["customer"].to_list())
    there = [name for name in SEALED if name in rows.columns]
    found: dict[str, list[str | None]] = {column: [] for column in COLUMNS}
    for number, called, *texts in rows.select("customer", "contact", *there).iter_rows():
        contact = _meant(known.get(number, []), called or "")
        found["contact_key"].append(str(contact.key))
        said = dict(zip(there, texts, strict=True))
        for name in SEALED:
            for column, value in _of(contact, name, said.get(name), ring).items():
                found[column].append(value)
    plain = pl.DataFrame(found, schema=dict.fromkeys(COLUMNS, pl.String))
    return rows.drop(there).hstack(plain)


def _meant(known: list[_Known], called: str) -> _Known:
    """Whom a row speaks of; somebody new has a key that nobody has yet."""
    if called:
        for each in known:
            if each.name == called:
                return each
    for each in known:
        if each.is_main and not (called and each.name and each.kept):
            return each
    return _Known(uuid.uuid4(), called, is_main=False, kept=False, indexes={})


def _of(contact: _Known, name: str, text: str | None, ring: keys.Ring) -> dict[str, str | None]:
    held = contact.indexes.get(name, "")
    if not text or (held and held in indexes_of(Contact, name, text, ring)):
        return {name: None, f"{name}_index": None}
    return dict(sealed_columns(Contact, contact.key, name, text, ring.current))


def _known(numbers: list[str]) -> dict[str, list[_Known]]:
    """By customer's number, the main contact first."""
    indexes = ", ".join(f"contact.{name}_index" for name in SEALED)
    with connection.cursor() as cursor:
        # Column names are our own literals: there is nothing to inject.
        cursor.execute(
            "SELECT customer.number, contact.key, contact.name, contact.is_main, "  # noqa: S608
            f"contact.edited_at IS NOT NULL, {indexes} FROM customers_customer AS customer "
            "JOIN customers_contact AS contact ON contact.customer_id = customer.id "
            "WHERE customer.number = ANY(%s) AND contact.withdrawn_at IS NULL "
            "ORDER BY contact.is_main DESC, contact.id",
            [numbers],
        )
        found: dict[str, list[_Known]] = {}
        for number, key, name, is_main, kept, *rest in cursor.fetchall():
            contact = _Known(key, name, is_main, kept, dict(zip(SEALED, rest, strict=True)))
            found.setdefault(number, []).append(contact)
        return found


# A staged sealed field is another one than is there, see `sealed`. Sealed for the contact
# that was there then: should another have come since, it is left alone. What somebody has forbidden
# us, no file allows again.
_SAID = {
    "name": "staged.contact", "function": "staged.function", "salutation": "staged.salutation",
    "language": "staged.language", "roles": "string_to_array(staged.roles, ',')::varchar(20)[]",
    "objection": "CASE WHEN contact.objection = '' THEN staged.objection END",
}  # fmt: skip
_BEFORE = ", ".join(
    f"'{name}', {name}"
    for name in (
        "key",
        *_SAID,
        *(column for name in SEALED for column in (name, f"{name}_index")),
    )
)
_NEW = ", ".join(
    [f"{said} AS new_{name}" for name, said in _SAID.items()]
    + [f"staged.{column} AS new_{column}" for name in SEALED for column in (name, f"{name}_index")]
)
_SET = ", ".join(
    [f"{name} = coalesce(new_{name}, contact.{name})" for name in (*_SAID, *SEALED)]
    + [
        f"{name}_index = CASE WHEN new_{name} IS NULL THEN contact.{name}_index"
        f" ELSE coalesce(new_{name}_index, '') END"
        for name in SEALED
    ]
)
_DIFFERS = " OR ".join(
    [f"{said} <> contact.{name}" for name, said in _SAID.items()]
    + [f"staged.{name} IS NOT NULL" for name in SEALED]
)
CHANGED = f"""
WITH differing AS (
    SELECT contact.*, {_NEW}
    FROM staged_customer AS staged
    JOIN customers_customer AS customer ON customer.number = staged.customer
    JOIN customers_contact AS contact ON contact.customer_id = customer.id
     AND contact.withdrawn_at IS NULL AND contact.key = staged.contact_key
    WHERE {_DIFFERS}
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'customers_contact', id, jsonb_build_object({_BEFORE})
    FROM differing
)
UPDATE customers_contact AS contact SET {_SET}
FROM differing WHERE contact.id = differing.id
RETURNING contact.customer_id
"""  # noqa: S608

# Somebody who was removed is not brought back by the next file that names them.
MADE = """
WITH made AS (
    INSERT INTO customers_contact
        (key, customer_id, name, function, roles, salutation, language, preferred_way, objection,
         email, email_index, phone, phone_index, mention, mention_index, best_time, best_time_index,
         is_main)
    SELECT staged.contact_key, customer.id, coalesce(staged.contact, ''),
           coalesce(staged.function, ''),
           coalesce(string_to_array(staged.roles, ',')::varchar(20)[], '{}'),
           coalesce(staged.salutation, ''), coalesce(staged.language, ''), '',
           coalesce(staged.objection, ''),
           coalesce(staged.email, ''), coalesce(staged.email_index, ''),
           coalesce(staged.phone, ''), coalesce(staged.phone_index, ''),
           coalesce(staged.mention, ''), coalesce(staged.mention_index, ''), '', '',
           NOT EXISTS (SELECT FROM customers_contact WHERE customer_id = customer.id AND is_main)
    FROM staged_customer AS staged
    JOIN customers_customer AS customer ON customer.number = staged.customer
    WHERE coalesce(staged.contact, staged.email, staged.phone) IS NOT NULL
      AND NOT EXISTS (SELECT FROM customers_contact AS known
                      WHERE known.key = staged.contact_key
                         OR known.customer_id = customer.id AND known.withdrawn_at IS NOT NULL
                            AND known.name = coalesce(staged.contact, ''))
    RETURNING id, customer_id
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'customers_contact', id, NULL FROM made
)
SELECT customer_id FROM made
"""
