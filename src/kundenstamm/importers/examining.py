"""A file looked at: read, its kind and columns guessed, its rows parted. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kundenstamm.importers import (
    activity_rows,
    cells,
    customer_rows,
    interaction_rows,
    payment_rows,
    product_rows,
    sales,
    sell_through_rows,
    spending_rows,
    touch_rows,
)
from kundenstamm.importers.checked import Checked
from kundenstamm.importers.fields import FIELDS
from kundenstamm.importers.files import Raw, read
from kundenstamm.importers.mapping import Mapping, guess, guess_kind


@dataclass(frozen=True)
class Wish:
    """What the person said about a file; everything not said is guessed."""

    path: Path
    kind: str = ""
    columns: Map[str, str] = field(default_factory=dict)
    dialect: Map[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Examined:
    raw: Raw
    mapping: Mapping
    checked: Checked

    @property
    def kind(self) -> str:
        return self.mapping.kind


def look(wish: Wish) -> tuple[Raw, Mapping]:
    """Read the file and guess what its columns are.

    Raises
    ------
    kundenstamm.importers.files.FileRefused
        The file cannot be read.
    kundenstamm.importers.mapping.MappingError
        The wish names a field or column that does not exist.
    """
    raw = read(wish.path, wish.dialect)
    kind = wish.kind or guess_kind(raw)
    return raw, guess(raw, kind, wish.columns)


def examine(raw: Raw, mapping: Mapping, *, today: date, currency: str) -> Examined:
    """Part the rows into what can be loaded and what is refused.

    Raises
    ------
    kundenstamm.importers.mapping.MappingError
        No column was found for a field that is needed.
    """
    if mapping.kind == "customers":
        checked = customer_rows.check(raw, mapping, _chain(mapping, today))
    elif mapping.kind == "products":
        checked = product_rows.check(raw, mapping)
    elif mapping.kind == "activities":
        from kundenstamm.importers.masters.activities import known

        checked = activity_rows.check(raw, mapping, today, known())
    elif mapping.kind == "payments":
        from kundenstamm.importers.masters.customers import numbers

        checked = payment_rows.check(raw, mapping, today, numbers())
    elif mapping.kind == "interactions":
        from kundenstamm.importers.masters import interactions

        checked = interaction_rows.check(raw, mapping, today, interactions.known())
    elif mapping.kind == "sell_through":
        from kundenstamm.importers.masters import sell_through

        checked = sell_through_rows.check(raw, mapping, today, sell_through.known(today))
    elif mapping.kind == "spending":
        from kundenstamm.importers.masters import spending

        checked = spending_rows.check(raw, mapping, today, spending.known())
    elif mapping.kind == "touches":
        from kundenstamm.importers.masters import touches

        checked = touch_rows.check(raw, mapping, today, touches.known())
    else:
        checked = sales.check(raw, mapping, sales.Rules(today, currency))
    return Examined(raw, mapping, checked)


def _chain(mapping: Mapping, today: date) -> frozenset[tuple[str, str]]:
    """Links that those of the file join; asked only where it has any."""
    if "supplied_by" not in mapping.columns:
        return frozenset()
    from kundenstamm.importers.masters.sell_through import lasting_links

    return lasting_links(today)


def marks(raw: Raw, mapping: Mapping) -> dict[str, str]:
    """Decimal mark and order of dates as the columns show them; empty where nothing tells."""
    fields = FIELDS[mapping.kind]
    decimal = raw.dialect.decimal or ""
    order = raw.dialect.date_order or ""
    for each in fields:
        column = mapping.columns.get(each.name)
        if column is None:
            continue
        if each.type == "date" and not order:
            found = cells.date_order(raw.frame[column])
            order = found.order if found else ""
        elif each.type in ("money", "number", "share") and not decimal:
            decimal = cells.decimal_mark(raw.frame[column]) or ""
    return {"decimal": decimal, "date_order": order}
