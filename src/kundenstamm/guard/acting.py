"""On whose behalf: a transaction is opened for an actor, and the database holds to it.

The setting is local to the transaction. One that outlived it would, on a connection that is kept,
show the next person the rows of the last one. Where nobody is named, tables about customers answer
with an error and not with emptiness.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from kundenstamm.guard.models import User

T = TypeVar("T")


@contextmanager
def acting_as(actor: User | None, *, at: datetime, request: str = "") -> Iterator[None]:
    """One transaction on an actor's behalf; ``None``: nobody, who knows of no customer.

    ``request`` is the id under which writes and reads of it appear in the audit.

    Raises
    ------
    RuntimeError
        Within another transaction: it has an actor already, or should have.
    """
    with transaction.atomic(durable=True):
        name_actor(actor, at=at, request=request)
        yield


def name_actor(actor: User | None, *, at: datetime, request: str = "") -> None:
    """Name the actor of the transaction that is open."""
    told = {
        "kundenstamm.actor": str(actor.pk if actor is not None and actor.is_active else 0),
        "kundenstamm.at": at.isoformat(),
        "kundenstamm.day": timezone.localtime(at).date().isoformat(),
        "kundenstamm.request": request,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join(["set_config(%s, %s, true)"] * len(told)),
            [each for pair in told.items() for each in pair],
        )
        if settings.DATABASE_WALL_ROLE:
            cursor.execute("SELECT set_config('role', %s, true)", [settings.DATABASE_WALL_ROLE])


def streamed_as(actor: User, rows: Iterable[T], *, at: datetime) -> Iterator[T]:
    """Rows for a response that is sent after its request's transaction has ended."""
    with acting_as(actor, at=at):
        yield from rows
