"""What moves when two customers become one: each room registers what of its rows does.

A room above says ``moving.register(Rows("care.Task", _("Tasks")))`` once it is ready, and its rows
go with the customer and come back with an undo. What must stay where it is (what a job works out
anew, or history that was true of the other one) says so by `stays`; a test walks all models and
fails where neither is said.

Rows that would break a rule of their table beside a row that the kept customer has already (the
same star, a second main contact) change so that they fit (``fit``), or stay behind where they are:
hidden with the dropped customer, and none is deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Protocol

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from kundenstamm.customers.doubles import Merge
    from kundenstamm.guard.models import User

Change = Mapping[str, Any]


@dataclass(frozen=True)
class Moving:
    """One merge on its way: who is kept, who is dropped, by whom and when."""

    merge: Merge
    keep: int
    drop: int
    actor: User
    at: datetime

    def note(self, table: str, before: Change, rows: list[int]) -> None:
        """Remember how rows were."""
        if rows:
            self.merge.moves.create(table=table, before=dict(before), rows=rows)


class Mover(Protocol):
    """Whatever moves: told for the preview, moved, moved back."""

    @property
    def label(self) -> _StrPromise: ...

    @property
    def covers(self) -> tuple[str, str]:
        """Label of the model and name of the field whose rows it moves."""
        ...

    def count(self, drop: int, actor: User) -> int:
        """How many rows of theirs the actor may know of."""
        ...

    def move(self, of: Moving) -> int:
        """Move what belongs to the dropped customer: how many rows."""
        ...

    def back(self, of: Moving) -> None: ...


@dataclass(frozen=True)
class Rows:
    """Rows of a model that point to a customer: the pointer moves, the row stays as it is."""

    model: str
    label: _StrPromise
    field: str = "customer"
    fit: Callable[[Moving], Change] | None = None

    @property
    def covers(self) -> tuple[str, str]:
        return self.model, self.field

    @property
    def table(self) -> str:
        return str(self._model._meta.db_table)

    def count(self, drop: int, actor: User) -> int:
        known: Any = self._model._default_manager
        return int(known.visible_to(actor).filter(**{self._column: drop}).count())

    def move(self, of: Moving) -> int:
        clashing = self._clashing(of)
        free = self._of(of.drop).exclude(pk__in=clashing)
        moved = self._change(of, list(free.values_list("pk", flat=True)), {})
        if clashing and self.fit is not None:
            moved += self._change(of, clashing, self.fit(of))
        return moved

    def back(self, of: Moving) -> None:
        """Rows as they were, unless somebody has moved or removed them since."""
        column = self._column
        for move in of.merge.moves.filter(table=self.table).order_by("-pk"):
            if column in move.before:
                standing = self._model._base_manager.filter(pk__in=move.rows, **{column: of.keep})
                standing.update(**_read(self._model, move.before))

    def change(self, of: Moving, row: models.Model, **after: Any) -> None:
        """Change a row that stays whose it is, and remember how it was."""
        for name, value in after.items():
            pair = {"was": _written(getattr(row, name)), "is": _written(value)}
            of.note(f"{self.table}:{name}", pair, [row.pk])
        self._model._base_manager.filter(pk=row.pk).update(**after)

    def unchange(self, of: Moving) -> None:
        """Values as they were, unless somebody has changed them since."""
        for move in of.merge.moves.filter(table__startswith=f"{self.table}:").order_by("-pk"):
            name = move.table.partition(":")[2]
            was = _read(self._model, {name: move.before["was"]})
            still = _read(self._model, {name: move.before["is"]})
            self._model._base_manager.filter(pk__in=move.rows, **still).update(**was)

    def _change(self, of: Moving, rows: list[int], more: Change) -> int:
        column = self._column
        names = list(more)
        found = self._model._base_manager.filter(pk__in=rows)
        if more:
            for row in found.values("pk", *names):
                was = {name: _written(row[name]) for name in names}
                of.note(self.table, {column: of.drop} | was, [row["pk"]])
        else:
            of.note(self.table, {column: of.drop}, rows)
        return found.update(**{column: of.keep}, **more) if rows else 0

    def _clashing(self, of: Moving) -> list[int]:
        """Rows whose like the kept customer has, by the rules of the table itself."""
        found = [self._breaks(of, *rule) for rule in _rules(self._model, self.field)]
        found += [Q(**{f"{name}_id": of.keep}) for name in _others(self._model, self.field)]
        if not found:
            return []
        rows = self._of(of.drop).filter(reduce(or_, found))
        return list(rows.values_list("pk", flat=True))

    def _breaks(self, of: Moving, fields: tuple[str, ...], condition: Q | None) -> Q:
        others = [name for name in fields if name != self.field]
        same = {name: OuterRef(name) for name in others} | {self._column: of.keep}
        held = self._model._base_manager.filter(**same)
        if condition is not None:
            held = held.filter(condition)
        clash = Q(Exists(held))
        return clash if condition is None else clash & condition

    def _of(self, customer: int) -> models.QuerySet[Any]:
        return self._model._base_manager.filter(**{self._column: customer})

    @property
    def _column(self) -> str:
        return f"{self.field}_id"

    @property
    def _model(self) -> type[models.Model]:
        return apps.get_model(self.model)


def _rules(model: type[models.Model], name: str) -> Iterator[tuple[tuple[str, ...], Q | None]]:
    """What of a model may be there once only, as far as a field is part of it."""
    if model._meta.get_field(name).unique:  # type: ignore[union-attr]
        yield (name,), None
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and name in rule.fields:
            yield tuple(rule.fields), rule.condition


def _others(model: type[models.Model], name: str) -> Iterator[str]:
    """Other fields that point to a customer: nothing may come to point from one to itself."""
    customer = model._meta.get_field(name).related_model
    for field in model._meta.concrete_fields:
        if field.is_relation and field.related_model is customer and field.name != name:
            yield field.name


def _written(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _read(model: type[models.Model], before: Change) -> dict[str, Any]:
    by_column = {field.attname: field for field in model._meta.concrete_fields}
    return {name: by_column[name].to_python(value) for name, value in before.items()}


_MOVERS: list[Mover] = []
_STAYING: dict[tuple[str, str], str] = {}
_AFTER: list[Callable[[User, datetime], None]] = []


def register(*movers: Mover) -> None:
    """Add what moves; each app does so once it is ready, in the order in which it must happen."""
    known = {each.covers for each in _MOVERS}
    _MOVERS.extend(each for each in movers if each.covers not in known)


def stays(model: str, why: str, field: str = "customer") -> None:
    """Say that rows stay with the dropped customer, and why."""
    _STAYING[model, field] = why


def afterwards(work: Callable[[User, datetime], None]) -> None:
    """What is worked out anew after each merge and undo, for the whole base."""
    if work not in _AFTER:
        _AFTER.append(work)


def movers() -> list[Mover]:
    return list(_MOVERS)


def staying() -> dict[tuple[str, str], str]:
    return dict(_STAYING)


def work_out_anew(actor: User, at: datetime) -> None:
    for work in _AFTER:
        work(actor, at)
