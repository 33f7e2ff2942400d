"""On whose behalf: a transaction is opened for an actor, and the database holds to it.

The setting is local to the transaction. One that outlived it would, on a connection that is kept,
show the next person the rows of the last one. Where nobody is named, tables about customers answer
with an error and not with emptiness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from kundenstamm.guard.models import User

T = TypeVar("T")
# What one transaction of a page has read and needs again; None outside of one.
_read_once: ContextVar[dict[str, Any] | None] = ContextVar("read_once", default=None)


@dataclass(frozen=True)
class Way:
    """How somebody came, for the audit: id of the request, channel, network address."""

    request: str = ""
    channel: str = ""
    address: str = ""


@contextmanager
def acting_as(actor: User | None, *, at: datetime, way: Way = Way()) -> Iterator[None]:
    """One transaction on an actor's behalf; ``None``: nobody, who knows of no customer.

    Raises
    ------
    RuntimeError
        Within another transaction: it has an actor already, or should have.
    """
    with transaction.atomic(durable=True):
        name_actor(actor, at=at, way=way)
        _read_once.set({})
        try:
            yield
        finally:
            _read_once.set(None)


def read_once(what: str, read: Callable[[], T]) -> T:
    """What ``read`` finds, read once in a transaction of `acting_as`; anew anywhere else.

    Only for what nobody writes behind its back: who changes it says `read_anew`. Nothing of it
    outlives the transaction, so no other person and no later request sees it.
    """
    kept = _read_once.get()
    if kept is None:
        return read()
    if what not in kept:
        kept[what] = read()
    return kept[what]  # type: ignore[no-any-return]


def read_anew(what: str) -> None:
    """Forget it: it has changed."""
    (_read_once.get() or {}).pop(what, None)


def name_actor(actor: User | None, *, at: datetime, way: Way = Way()) -> None:
    """Name the actor of the transaction that is open."""
    told = _told(actor, at, way)
    if settings.DATABASE_WALL_ROLE:
        told["role"] = settings.DATABASE_WALL_ROLE
    _set(told, local=True)


def work_for(actor: User, *, at: datetime, way: Way) -> None:
    """From here on this connection works for one actor, whatever transactions it takes.

    Only for commands and jobs, which see the whole base anyway: here the actor stands in the
    audit and opens nothing.
    """
    _set(_told(actor, at, way), local=False)


@contextmanager
def working_for(actor: User, *, at: datetime, way: Way) -> Iterator[None]:
    """The same for a block; the actor is forgotten at its end, also if it fails."""
    work_for(actor, at=at, way=way)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _set(dict.fromkeys(_told(actor, at, way), ""), local=False)


def streamed_as(actor: User, rows: Iterable[T], *, at: datetime) -> Iterator[T]:
    """Rows for a response that is sent after its request's transaction has ended."""
    with acting_as(actor, at=at):
        yield from rows


def _told(actor: User | None, at: datetime, way: Way) -> dict[str, str]:
    return {
        "kundenstamm.actor": str(actor.pk if actor is not None and actor.is_active else 0),
        "kundenstamm.at": at.isoformat(),
        "kundenstamm.day": timezone.localtime(at).date().isoformat(),
        "kundenstamm.request": way.request,
        "kundenstamm.channel": way.channel,
        "kundenstamm.address": way.address,
        "kundenstamm.known": "",
        "kundenstamm.known_bits": "",
    }


def _set(told: dict[str, str], *, local: bool) -> None:
    kept = "true" if local else "false"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join([f"set_config(%s, %s, {kept})"] * len(told)),
            [each for pair in told.items() for each in pair],
        )
