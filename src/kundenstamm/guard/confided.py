"""Tables that only some may know of, whatever else they may: a condition on each row.

A room registers its tables with a condition of the database, and the beginning of what its entries
in the audit are called with who may read those. The wall puts both up after every migration.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kundenstamm.guard.models import User


@dataclass(frozen=True)
class Entries:
    """Entries of the audit whose ``what`` begins so: who reads them, by both walls.

    What was refused stays with those who read the audit: it tells who asked, and not of what.
    """

    begins: str
    reads: Callable[[User | AnonymousUser | None], bool]
    condition: str

    @property
    def policy(self) -> str:
        """All names are our own: there is nothing to inject."""
        size = len(self.begins)
        return (
            f"(left(what, {size}) <> '{self.begins}' OR kind = 'refused'"
            f" OR (SELECT {self.condition}))"
        )


_tables: dict[str, str] = {}
_entries: dict[str, Entries] = {}


def register(table: str, condition: str) -> None:
    """A row of the table is known where the condition holds, besides what its customer asks."""
    _tables[table] = condition


def register_entries(entries: Entries) -> None:
    _entries[entries.begins] = entries


def tables() -> dict[str, str]:
    return dict(_tables)


def entries() -> list[Entries]:
    return list(_entries.values())
