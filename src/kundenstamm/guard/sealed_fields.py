"""Columns that hold sealed text: the attribute is what is stored, plain text comes by asking."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db import connection, models

from kundenstamm.guard import keys
from kundenstamm.guard.sealed import Place, blind_index, blind_indexes, opened, seal

Normalise = Callable[[str], str]
# What may stand in a sealed column: nothing, or a sealed value. The database holds to it.
SEALED = r"^k[1-9][0-9]*\.[A-Za-z0-9_-]+$"


class SealedFields(models.Model):
    """A row with sealed columns.

    ``sealed_fields`` names them, each with what makes two spellings one; a column of that name and
    one that ends in ``_index`` belong to each. That is all: rotating keys finds them by themselves.
    """

    sealed_fields: ClassVar[Mapping[str, Normalise]] = {}
    # What is sealed for one row opens in no other.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

    def put(self, name: str, text: str) -> None:
        """Seal a text into a column, and its blind index beside it; saves nothing."""
        if connection.in_atomic_block:
            keys.hold()
        for column, value in sealed_columns(type(self), self.key, name, text).items():
            setattr(self, column, value)

    def open(self, name: str) -> str:
        """The plain text of a column.

        Raises
        ------
        kundenstamm.guard.keys.KeysRefused
            It cannot be opened.
        """
        sealed: str = getattr(self, name)
        return opened(sealed, place_of(type(self), name, self.key)) if sealed else ""


def place_of(model: type[SealedFields], name: str, row: uuid.UUID | str) -> Place:
    return Place(model._meta.db_table, name, row)


def sealed_columns(
    model: type[SealedFields],
    row: uuid.UUID | str,
    name: str,
    text: str,
    key: keys.Key | None = None,
) -> dict[str, str]:
    """What to write for a text: the sealed column and its index, for who writes rows in bulk."""
    if not text:
        return {name: "", f"{name}_index": ""}
    key = key or keys.ring().current
    table, normal = model._meta.db_table, model.sealed_fields[name](text)
    index = blind_index(normal, table, name, key) if normal else ""
    return {name: seal(text, place_of(model, name, row), key), f"{name}_index": index}


def indexes_of(
    model: type[SealedFields], name: str, text: str, ring: keys.Ring | None = None
) -> list[str]:
    """Under which indexes rows with this text stand; none for a text that says nothing."""
    normal = model.sealed_fields[name](text)
    return blind_indexes(normal, model._meta.db_table, name, ring) if normal else []


def only_sealed(*names: str) -> list[models.CheckConstraint]:
    """Constraints that let no plain text in."""
    return [
        models.CheckConstraint(
            condition=models.Q(**{name: ""}) | models.Q(**{f"{name}__regex": SEALED}),
            name=f"%(class)s_{name}_is_sealed",
        )
        for name in names
    ]


def holders() -> list[type[SealedFields]]:
    """Every model with sealed columns."""
    from django.apps import apps

    found: list[Any] = [model for model in apps.get_models() if issubclass(model, SealedFields)]
    return found
