"""Who of those who leave, or may, reads unusually: counts only, pseudonyms until two people agree.

The counts come from functions of the database that give numbers without names, to owners and
data-protection officers, only while the company has switched it on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from kundenstamm.customers.timeline import local_day
from kundenstamm.departures.models import (
    LONGEST,
    Departure,
    WatchLook,
    WatchOpening,
    WatchSwitch,
)
from kundenstamm.departures.watch_models import watched
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Forbidden, Right, demand
from kundenstamm.worth.watching.counts import Day, walked
from kundenstamm.worth.watching.score import WINDOW, Scored, month

MONTH = 30

CREATE = """
CREATE FUNCTION departures_watches(reader bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT FROM guard_user
                   WHERE id = reader AND is_active AND role IN ('owner', 'data_protection'))
$$;
CREATE FUNCTION departures_watched(reader bigint) RETURNS TABLE (watch uuid, since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT of.watch, of.opened_at FROM departures_departure AS of, departures_watchswitch AS switch
    WHERE switch."on" AND departures_watches(reader) AND of.person_id <> reader
      AND (of.over_at IS NULL OR of.over_at + switch.keep_days * interval '1 day'
           > coalesce(nullif(current_setting('kundenstamm.at', true), '')::timestamptz, now()))
$$;
CREATE FUNCTION departures_watched_name(reader bigint, which uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT person.name FROM departures_departure AS of
    JOIN guard_user AS person ON person.id = of.person_id
    JOIN departures_watchopening AS opening ON opening.watch = of.watch
    WHERE of.watch = which AND opening.agreed_by_id IS NOT NULL
      AND EXISTS (SELECT FROM departures_watched(reader) AS seen WHERE seen.watch = which)
$$;
CREATE FUNCTION departures_reading(reader bigint, which uuid, first timestamptz)
RETURNS TABLE (
    day date, mine boolean, customers bigint, outside bigint, places bigint[], reveals bigint,
    taken bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH watched AS (
        SELECT of.person_id, person.role FROM departures_departure AS of
        JOIN guard_user AS person ON person.id = of.person_id
        WHERE of.watch = which
          AND EXISTS (SELECT FROM departures_watched(reader) AS seen WHERE seen.watch = which)
    ), entries AS (
        SELECT noted.id, noted.actor, noted.kind, noted.what, (noted.at AT TIME ZONE 'UTC')::date
               AS day, coalesce((noted.detail ->> 'of')::bigint, noted.customers[1]) AS customer
        FROM guard_auditentry AS noted, watched
        WHERE noted.at >= first AND noted.kind IN ('read', 'reveal') AND noted.actor IN (
            SELECT id FROM guard_user WHERE role = watched.role)
    ), ranked AS (
        SELECT id, row_number() OVER (ORDER BY sort_name, id) AS place FROM customers_customer
    ), opened AS (
        SELECT entries.*, ranked.place, NOT EXISTS (
            SELECT FROM customers_assignment AS held
            JOIN customers_representative AS serves ON serves.id = held.representative_id
            WHERE held.customer_id = entries.customer AND serves.user_id = entries.actor
              AND held.starts <= entries.day AND (held.ends IS NULL OR held.ends >= entries.day)
        ) AS foreign_one
        FROM entries LEFT JOIN ranked ON ranked.id = entries.customer
    )
    SELECT opened.day, opened.actor = watched.person_id,
           count(DISTINCT customer) FILTER (WHERE kind = 'read' AND what = 'customer'),
           count(DISTINCT customer) FILTER (
               WHERE kind = 'read' AND what = 'customer' AND foreign_one),
           array_agg(place ORDER BY opened.id) FILTER (
               WHERE kind = 'read' AND what = 'customer' AND place IS NOT NULL),
           count(*) FILTER (WHERE kind = 'reveal'),
           count(*) FILTER (WHERE what IN ('attachment', 'repair-letter', 'departure-letter'))
    FROM opened, watched GROUP BY opened.day, opened.actor, watched.person_id
$$;
"""
DROP = """
DROP FUNCTION departures_reading(bigint, uuid, timestamptz);
DROP FUNCTION departures_watched_name(bigint, uuid);
DROP FUNCTION departures_watched(bigint);
DROP FUNCTION departures_watches(bigint);
"""


@dataclass(frozen=True)
class Watched:
    """One pseudonym: how unusual its last month was, and the name, once two agreed."""

    watch: UUID
    scored: Scored
    days: int
    name: str
    opening: WatchOpening | None

    @property
    def pseudonym(self) -> str:
        return self.watch.hex[:6].upper()


def switch() -> WatchSwitch:
    return WatchSwitch.objects.first() or WatchSwitch()


@transaction.atomic
def switch_to(on: bool, keep_days: int, *, actor: User, at: datetime) -> None:
    """Watch from now on, or not any more: off deletes what was asked and looked at.

    Raises
    ------
    Forbidden
        The actor is no owner.
    ValidationError
        It would be kept too long.
    """
    demand(actor, Right.PEOPLE)
    held = switch()
    held.on, held.keep_days, held.changed_by, held.changed_at = on, keep_days, actor, at
    held.full_clean()
    held.save()
    if not on:
        WatchOpening.objects.all().delete()
        WatchLook.objects.all().delete()


@transaction.atomic
def look(*, actor: User, at: datetime) -> list[Watched]:
    """Everybody who is watched, the most unusual first. That somebody looked is kept.

    Raises
    ------
    Forbidden
        The actor is neither owner nor data-protection officer.
    """
    demand(actor, Right.WATCH)
    if not switch().on:
        return []
    WatchLook.objects.create(by=actor, at=at)
    openings = {each.watch: each for each in WatchOpening.objects.visible_to(actor)}
    found = [_told_of(actor, each, openings.get(each), at) for each in watched(actor)]
    return sorted(found, key=lambda each: -each.scored.score)


def ask(watch: UUID, because: str, *, actor: User, at: datetime) -> WatchOpening:
    """Want to know who it is; a second person must agree.

    Raises
    ------
    Forbidden
        It is not watched, as far as the actor may know.
    ValidationError
        There is no reason, or it has been asked already.
    """
    _demand_watched(watch, actor)
    if not because.strip():
        raise ValidationError(_("Say why."))
    if WatchOpening.objects.filter(watch=watch).exists():
        raise ValidationError(_("This has been asked already."))
    made = WatchOpening(watch=watch, asked_by=actor, asked_at=at)
    made.put("because", because.strip()[:LONGEST])
    made.save()
    return made


@transaction.atomic
def agree(opening: WatchOpening, *, actor: User, at: datetime) -> None:
    """The second person agrees: both see the name from now on.

    Raises
    ------
    Forbidden
        It is not watched, as far as the actor may know.
    ValidationError
        The actor has asked for it, or it has been agreed to already.
    """
    _demand_watched(opening.watch, actor)
    held = WatchOpening.objects.select_for_update(of=("self",)).get(pk=opening.pk)
    if held.asked_by_id == actor.pk:
        raise ValidationError(_("Somebody else must agree: two people open it."))
    if held.agreed_by_id is not None:
        raise ValidationError(_("This has been agreed to already."))
    held.agreed_by, held.agreed_at = actor, at
    held.save(update_fields=["agreed_by", "agreed_at"])


def forget(*, at: datetime) -> int:
    """Delete openings whose departure is over for long enough, and old looks; how many.

    For a job. The audit itself has its own rules.
    """
    held = switch()
    before = at - timedelta(days=held.keep_days)
    over = Departure.objects.filter(over_at__lte=before).values("watch")
    gone, _of = WatchOpening.objects.filter(watch__in=over).delete()
    looks, _of = WatchLook.objects.filter(at__lte=before).delete()
    return gone + looks


def _told_of(actor: User, watch: UUID, opening: WatchOpening | None, at: datetime) -> Watched:
    told = reading(actor, watch, at - timedelta(days=WINDOW + MONTH))
    with connection.cursor() as cursor:
        cursor.execute("SELECT departures_watched_name(%s, %s)", [actor.pk, watch])
        [(name,)] = cursor.fetchall()
    begins: date = local_day(at) - timedelta(days=MONTH)
    last = [each for day, mine, each in told if mine and day > begins]
    own = [each for day, mine, each in told if mine and day <= begins]
    peers = [each for day, mine, each in told if not mine]
    return Watched(watch, month(last, own, peers), len(last), name or "", opening)


def reading(actor: User, watch: UUID, first: datetime) -> list[tuple[date, bool, Day]]:
    """Days of the watched person (true) and of colleagues in the same role (false), as counts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM departures_reading(%s, %s, %s)", [actor.pk, watch, first])
        return [(day, mine, _day(*counts)) for day, mine, *counts in cursor.fetchall()]


def _day(customers: int, outside: int, places: list[int] | None, reveals: int, taken: int) -> Day:
    return Day(customers, outside, walked(places or []), reveals, taken)


def _demand_watched(watch: UUID, actor: User) -> None:
    demand(actor, Right.WATCH)
    if watch not in watched(actor):
        raise Forbidden(_("Nobody is watched under this name."))
