"""Where sealed values lie: what a rotation has to go through.

Columns of models are found by themselves; whatever else keeps sealed values registers here when its
application is ready, for imports only go down.
"""

from __future__ import annotations

from dataclasses import dataclass

from kundenstamm.guard.sealed_fields import Normalise, SealedFields, holders


@dataclass(frozen=True)
class Holding:
    """Sealed values of one column, wherever they lie: SQL of our own, so nothing to inject.

    ``value`` and ``row`` find the sealed text and the key of the row it is sealed for; ``assign``
    puts ``new.sealed`` and ``new.index`` there.
    """

    model: type[SealedFields]
    column: str
    table: str
    value: str
    row: str
    assign: str

    @property
    def label(self) -> str:
        return f"{self.table}.{self.column}"

    @property
    def normalise(self) -> Normalise:
        return self.model.sealed_fields[self.column]

    @property
    def emptied(self) -> str:
        """The same, with nothing in it."""
        return self.assign.replace("new.sealed", "''").replace("new.index", "''")


_registered: list[Holding] = []


def register(holding: Holding) -> None:
    """Sealed values outside their own table: copies that must open there again."""
    if holding not in _registered:
        _registered.append(holding)


def holdings() -> list[Holding]:
    of_models = [
        Holding(
            model, name, model._meta.db_table, name, "key",
            f"{name} = new.sealed, {name}_index = new.index",
        )
        for model in holders()
        for name in model.sealed_fields
    ]  # fmt: skip
    return of_models + _registered
