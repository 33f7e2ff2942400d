"""To whom a departure is confided: the database's half of `DepartureQuerySet.visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kundenstamm.guard import confided
from kundenstamm.guard.models import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kundenstamm.guard.models import User

CREATE = """
CREATE FUNCTION departures_confided(reader bigint, leaving bigint, of_teams bigint[])
RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT reader <> leaving AND EXISTS (
        SELECT FROM guard_user WHERE id = reader AND is_active AND (
            role = 'owner' OR role = 'sales_lead' AND of_teams && ARRAY(
                SELECT team_id FROM guard_team_members WHERE user_id = reader)))
$$;
CREATE FUNCTION departures_reads(reader bigint, which bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT FROM departures_departure AS of
                   WHERE of.id = which AND departures_confided(reader, of.person_id, of.teams))
$$;
CREATE FUNCTION departures_known_to_all(which bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT FROM departures_departure
                   WHERE id = which AND state IN ('notice', 'gone', 'closed'))
$$;
CREATE FUNCTION departures_reads_entries(reader bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT FROM guard_user WHERE id = reader AND is_active AND role = 'owner')
       AND NOT EXISTS (SELECT FROM departures_departure WHERE person_id = reader)
$$;
"""
DROP = """
DROP FUNCTION departures_reads_entries(bigint);
DROP FUNCTION departures_known_to_all(bigint);
DROP FUNCTION departures_reads(bigint, bigint);
DROP FUNCTION departures_confided(bigint, bigint, bigint[]);
"""
_WATCHES = (
    "EXISTS (SELECT FROM departures_watched(guard_actor()) AS seen"
    " WHERE seen.watch = departures_watchopening.watch)"
)
_READS = "departures_reads(guard_actor(), departure_id)"


def reads_entries(actor: User | AnonymousUser | None) -> bool:
    """An owner of whose own leaving there never was a word."""
    from django.db import connection

    if actor is None or not actor.is_authenticated or actor.role != Role.OWNER:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT departures_reads_entries(%s)", [actor.pk])
        return bool(cursor.fetchone()[0])


def register_all() -> None:
    confided.register(
        "departures_departure", "departures_confided(guard_actor(), person_id, teams)"
    )
    for table in ("departurechange", "point", "handoverline"):
        confided.register(f"departures_{table}", _READS)
    confided.register(
        "departures_knowledgesheet", f"departures_known_to_all(departure_id) OR {_READS}"
    )
    confided.register("departures_watchlook", "departures_watches(guard_actor())")
    confided.register("departures_watchopening", _WATCHES)
    confided.register_entries(
        confided.Entries("departure", reads_entries, "departures_reads_entries(guard_actor())")
    )
