"""What happens to the figures of the chain: they are reckoned anew."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from kundenstamm.chain.models import Change, Reckoning, Standing
from kundenstamm.chain.reader import is_current
from kundenstamm.chain.reading import Scope, read_graph
from kundenstamm.customers.models import ChainLink
from kundenstamm.customers.timeline import local_day
from kundenstamm.guard.models import User
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.worth.chain.standing import Standing as Found

BATCH = 2_000


def reckon_due(*, actor: User, at: datetime) -> Reckoning | None:
    """Reckon where links, reports or the valuation have changed since; else None."""
    run, day = latest_run(), local_day(at)
    links = ChainLink.objects.all()  # a job's, which is about everybody
    if run is None or is_current(Reckoning.objects.last(), run, day, links):
        return None
    return reckon_all(day, actor=actor, at=at)


@transaction.atomic
def reckon_all(day: date, *, actor: User, at: datetime) -> Reckoning | None:
    """Put what stands at each customer in a chain in the place of what stood there.

    All customers, not only those ``actor`` may see: who may be told what is decided where it is
    read. None before the first valuation.
    """
    _take_turns()
    run = latest_run()
    if run is None:
        return None
    seen = Change.objects.count()
    graph = read_graph(Scope(run, day))
    Standing.objects.all().delete()
    tops, both = set(graph.chain.tops()), graph.conflicts()
    rows = (
        _row(name, each, name in tops, name in both) for name, each in graph.standings().items()
    )
    Standing.objects.bulk_create(rows, batch_size=BATCH)
    Reckoning.objects.all().delete()
    return Reckoning.objects.create(run=run, day=day, changes_seen=seen, actor=actor, made_at=at)


def _row(name: Any, found: Found, top: bool, conflict: bool) -> Standing:
    weakest: Any = found.weakest if found.weakest_at_risk > 0 else None
    return Standing(
        customer_id=name,
        top=top,
        own=found.profit.own,
        behind=found.profit.behind,
        direct=found.direct,
        members=found.members,
        chance=found.risk.chance,
        lost=found.risk.lost,
        hanging=found.risk.hanging,
        at_risk=found.risk.at_risk,
        expected_loss=found.expected_loss,
        kept=found.kept,
        weakest_id=weakest,
        weakest_at_risk=found.weakest_at_risk,
        conflicts=found.marked,
        conflict=conflict,
        closed=found.closed,
    )


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kundenstamm chain figures'))")
