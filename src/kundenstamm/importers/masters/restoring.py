"""Putting back what a batch made or changed, newest table first."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from kundenstamm.care.models import Interaction
from kundenstamm.customers.models import Contact
from kundenstamm.guard import keys
from kundenstamm.guard.holdings import Holding
from kundenstamm.guard.sealed_fields import SealedFields

# Table → columns that a before-image may hold. In the order in which rows may be deleted.
_TABLES = {
    "chain_sellthrough": (
        "dealer_id", "end_customer_id", "end_name", "first_day", "last_day", "amount", "quantity",
    ),
    "acquisition_spending": (
        "channel_id", "campaign_id", "day", "amount", "hours", "pool_id", "what",
    ),
    "acquisition_touch": ("campaign_id",),
    "acquisition_origin": (),
    "serving_payment": ("customer_id", "due", "paid", "amount"),
    "serving_activity": ("customer_id", "type_id", "date", "minutes", "drivers"),
    "care_interaction": (
        "customer_id", "kind", "direction", "reached", "happened_at", "day", "minutes",
        "author_id", "note", "note_index",
    ),
    "customers_chainlink": (),
    "customers_assignment": ("ends",),
    "customers_contact": (
        "name", "function", "roles", "salutation", "language", "objection", "email", "email_index",
        "phone", "phone_index", "mention", "mention_index",
    ),
    "ledger_productcost": ("unit_cost",),
    "ledger_product": ("name", "category_id"),
    "ledger_productcategory": ("margin",),
    "customers_customer": (
        "name", "kind", "link", "trade", "country", "region", "postcode", "city", "street",
        "channel", "vat_id", "since", "withdrawn",
    ),
}  # fmt: skip
# Where a made row is still spoken of elsewhere it stays.
_IN_USE = {
    "care_interaction": (
        "(EXISTS (SELECT FROM care_complaint WHERE interaction_id = made.row)"
        " OR EXISTS (SELECT FROM care_attachment WHERE interaction_id = made.row))"
    ),
    "customers_contact": "EXISTS (SELECT FROM care_interaction WHERE contact_id = made.row)",
    "ledger_product": "EXISTS (SELECT FROM ledger_entry WHERE product_id = made.row)",
    "ledger_productcategory": "EXISTS (SELECT FROM ledger_product WHERE category_id = made.row)",
}


_SEALED: tuple[type[SealedFields], ...] = (Contact, Interaction)


def later_batch(batch: int) -> int | None:
    """A batch that has changed the same rows since and still holds, or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT later.batch_id
            FROM importers_rowchange AS mine
            JOIN importers_rowchange AS later
              ON later."table" = mine."table" AND later.row = mine.row AND later.id > mine.id
            WHERE mine.batch_id = %(batch)s AND later.batch_id <> %(batch)s
              AND NOT EXISTS (
                  SELECT FROM ledger_batch AS undo WHERE undo.undoes_id = later.batch_id)
            LIMIT 1
            """,
            {"batch": batch},
        )
        found = cursor.fetchone()
    return int(found[0]) if found else None


def products_with_changed_costs(batch: int) -> list[int]:
    """Asked before `restore`: afterwards the costs the batch made are gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT cost.product_id FROM importers_rowchange AS mine
            JOIN ledger_productcost AS cost ON cost.id = mine.row
            WHERE mine.batch_id = %s AND mine."table" = 'ledger_productcost'
            """,
            [batch],
        )
        return [row[0] for row in cursor.fetchall()]


def restore(batch: int) -> None:
    """Rows as they were; rows the batch made are deleted unless in use, customers withdrawn."""
    keys.hold()
    with connection.cursor() as cursor:
        for statement in _statements():
            cursor.execute(statement, {"batch": batch})


def _statements() -> Iterator[str]:
    # Names of tables and columns are the literals above: there is nothing to inject.
    for table, columns in _TABLES.items():
        made = (
            f"FROM importers_rowchange AS made WHERE made.batch_id = %(batch)s "
            f"AND made.\"table\" = '{table}' AND made.before IS NULL AND made.row = {table}.id"
        )
        if columns:
            yield (
                f"UPDATE {table} SET {_as_they_were(table, columns)} "  # noqa: S608
                f"FROM importers_rowchange AS changed "
                f"WHERE changed.batch_id = %(batch)s AND changed.\"table\" = '{table}' "
                f"AND changed.row = {table}.id AND changed.before IS NOT NULL"
            )
        if table == "customers_customer":
            # Valuations and entries speak of it, and the ledger forgets nothing.
            yield f"UPDATE {table} SET withdrawn = true {made}"  # noqa: S608
        else:
            used = _IN_USE.get(table, "false")
            yield f"DELETE FROM {table} USING {made.removeprefix('FROM ')} AND NOT {used}"  # noqa: S608


def _as_they_were(table: str, columns: tuple[str, ...]) -> str:
    """All columns at once: what they must be to each other holds after each statement."""
    return ", ".join(
        f"{column} = CASE WHEN changed.before ? '{column}'"
        f" THEN (jsonb_populate_record(NULL::{table}, changed.before)).{column}"
        f" ELSE {table}.{column} END"
        for column in columns
    )


def sealed_images() -> Iterator[Holding]:
    """Contacts and interactions as they were, their fields sealed as in their own tables."""
    places = [(model, name) for model in _SEALED for name in model.sealed_fields]
    for model, name in places:
        yield Holding(
            model=model,
            column=name,
            table="importers_rowchange",
            value=f"CASE \"table\" WHEN '{model._meta.db_table}' THEN before ->> '{name}' END",
            row="before ->> 'key'",
            assign=(
                f"before = before || jsonb_build_object('{name}', new.sealed,"
                f" '{name}_index', new.index)"
            ),
        )
