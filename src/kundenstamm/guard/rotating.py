"""Sealing everything anew with a new key, while people work.

Values are taken in batches, each its own transaction. A value is replaced only if it is still the
one that was read, so nobody's change is lost, and what was interrupted goes on where it stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from kundenstamm.guard import keys
from kundenstamm.guard.holdings import Holding, holdings
from kundenstamm.guard.models import User
from kundenstamm.guard.sealed import NotOpened, opened
from kundenstamm.guard.sealed_fields import place_of, sealed_columns

BATCH = 1_000
Progress = Callable[[int], None]


@dataclass
class Rotated:
    """``unopened``: values that do not open and were left as they are."""

    key: str
    is_new: bool
    values: int = 0
    unopened: list[str] = field(default_factory=list)


class ForgetRefused(ValueError):  # noqa: N818
    """The key is still needed; the message says for what."""


def counted() -> Counter[str]:
    """How many values are sealed with which key."""
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        for each in holdings():
            cursor.execute(
                f"SELECT split_part({each.value}, '.', 1), count(*) FROM {each.table}"  # noqa: S608
                f" WHERE {each.value} <> '' GROUP BY 1"
            )
            found.update(dict(cursor.fetchall()))
    return found


def rotate(
    *,
    actor: User,  # noqa: ARG001
    at: datetime,
    progress: Progress = lambda _values: None,
) -> Rotated:
    """Make a new key and seal everything with it; or go on with a rotation that was interrupted.

    Raises
    ------
    kundenstamm.guard.keys.KeysRefused
        The ring is missing or damaged, or lacks a key that values are sealed with.
    """
    current, held = keys.ring().current.name, counted()
    _demand_known(held)
    if held.keys() - {current}:
        done = _seal_all(Rotated(current, is_new=False), progress)
        if done.values:
            return done
    return _seal_all(Rotated(keys.add_key(at=at).name, is_new=True), progress)


def forget(name: str, *, actor: User, at: datetime) -> None:  # noqa: ARG001
    """Take an old key out of the ring for good.

    Raises
    ------
    ForgetRefused
        It is the current one, there is none of that name, or something is sealed with it.
    """
    ring = keys.ring()
    if name not in ring.keys:
        raise ForgetRefused(f"There is no key {name}. `kundenstamm keys show` lists them.")
    if name == ring.current.name:
        raise ForgetRefused(f"{name} is the current key. Make another one: kundenstamm keys rotate")
    with transaction.atomic():
        keys.hold(alone=True)
        if used := counted()[name]:
            raise ForgetRefused(
                f"{used} values are sealed with {name}. Seal them anew: kundenstamm keys rotate"
            )
        keys.remove_key(name)


def forget_lost(name: str, *, actor: User, at: datetime) -> int:  # noqa: ARG001
    """Go on without a key that is lost: what nobody can open any more is emptied.

    Raises
    ------
    ForgetRefused
        The ring has the key, so it is not lost.
    """
    if keys.path().exists() and name in keys.ring().keys and not keys.differs(name):
        raise ForgetRefused(f"{name} is in the ring and not lost; nothing has been changed.")
    with transaction.atomic():
        keys.hold(alone=True)
        emptied = 0
        with connection.cursor() as cursor:
            for each in holdings():
                cursor.execute(
                    f"UPDATE {each.table} SET {each.emptied} WHERE {each.value} LIKE %s",  # noqa: S608
                    [f"{name}.%"],
                )
                emptied += cursor.rowcount
        keys.forget_check(name)
    return emptied


def _seal_all(done: Rotated, progress: Progress) -> Rotated:
    _wait_for_writers()
    for each in holdings():
        _reseal(each, done, progress)
    return done


def _demand_known(held: Counter[str]) -> None:
    if missing := sorted(held.keys() - keys.ring().keys.keys()):
        raise keys.KeysRefused(
            f"Values are sealed with {', '.join(missing)}, and the key ring {keys.path()} has no "
            "such key. Bring back the ring that belongs to this database; nothing was changed."
        )


def _wait_for_writers() -> None:
    """Whoever began to seal with the old key ends first; who begins now takes the new one."""
    with transaction.atomic():
        keys.hold(alone=True)


def _reseal(holding: Holding, done: Rotated, progress: Progress) -> None:
    after = 0
    while rows := _batch(holding, done.key, after):
        after, ring = rows[-1][0], keys.ring()
        fresh = [new for row in rows if (new := _anew(holding, row, ring, done)) is not None]
        done.values += _replace(holding, fresh)
        progress(len(rows))


Row = tuple[int, str, str]


def _batch(holding: Holding, current: str, after: int) -> list[Row]:
    """Id, row key and sealed value of the next ones that are not sealed with the current key."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {holding.row}::text, {holding.value} FROM {holding.table} "  # noqa: S608
            f"WHERE id > %s AND {holding.value} <> '' AND {holding.value} NOT LIKE %s "
            "ORDER BY id LIMIT %s",
            [after, f"{current}.%", BATCH],
        )
        return list(cursor.fetchall())


def _anew(
    holding: Holding, row: Row, ring: keys.Ring, done: Rotated
) -> tuple[int, str, str, str] | None:
    """Id, old and new sealed value, new index; None for a value that does not open."""
    pk, key, sealed = row
    try:
        text = opened(sealed, place_of(holding.model, holding.column, key), ring)
    except NotOpened:
        done.unopened.append(f"{holding.label}, id {pk}")
        return None
    new = sealed_columns(holding.model, key, holding.column, text, ring.keys[done.key])
    return pk, sealed, new[holding.column], new[f"{holding.column}_index"]


def _replace(holding: Holding, fresh: list[tuple[int, str, str, str]]) -> int:
    if not fresh:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        keys.hold()
        cursor.execute(
            f"UPDATE {holding.table} AS old SET {holding.assign} "  # noqa: S608
            "FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[])"
            " AS new (row_id, was, sealed, index) "
            f"WHERE old.id = new.row_id AND {holding.value} = new.was",
            [list(column) for column in zip(*fresh, strict=True)],
        )
        return int(cursor.rowcount)
