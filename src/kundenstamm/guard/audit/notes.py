"""Noting reads: whoever shows a customer says so, once for each answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from kundenstamm.guard.models import User


def note_read(
    what: str,
    customers: Iterable[int],
    *,
    actor: User,  # noqa: ARG001
    at: datetime,
    of: int | None = None,
    rows: Sequence[int] = (),
) -> None:
    """``what`` (a page, a report) shows these customers to the actor of this transaction.

    ``of``: the one whose page it is, where the others only stand beside it. ``rows``: which rows of
    a table are shown, where ``what`` is one of its own.
    """
    shown = sorted(set(customers))
    if shown:
        _note("read", what, shown, {} if of is None else {"of": of}, rows)


def note_reveal(customer: int, field: str, reason: str, *, actor: User, at: datetime) -> None:  # noqa: ARG001
    """A masked field, such as ``contact.email``, is shown for a reason (a choice's code)."""
    _note("reveal", field, [customer], {"reason": reason})


def note_refused(what: str, *, actor: User | None, at: datetime) -> None:  # noqa: ARG001
    """Somebody asked for what is not theirs, or does not exist: neither shows which."""
    _note("refused", what, [], {})


def _note(
    kind: str, what: str, customers: Sequence[int], detail: dict[str, Any], rows: Sequence[int] = ()
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_note(%s, %s, %s::bigint[], %s::bigint[], %s::jsonb)",
            [kind, what, list(rows), list(customers), json.dumps(detail)],
        )
