"""Break-glass: somebody opens a customer to themselves, with a reason, for hours, and with alarm.

A function of the database does it, for behind the wall nobody can look up whom they may not know.
What is closed to a person stays closed. A number that opens nothing raises the alarm as well, so
nobody can try numbers unseen.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from kundenstamm.guard.alarms import announce
from kundenstamm.guard.models import Alarm, User
from kundenstamm.guard.rights import RIGHTS, Right, demand

HOURS = (1, 4, 8)

_ROLES = ", ".join(f"'{role.value}'" for role in RIGHTS if Right.BREAK_GLASS in RIGHTS[role])

# Roles are our own constants, so there is nothing to inject.
CREATE = f"""
CREATE FUNCTION customers_open_in_emergency(wanted text, why text, until timestamptz)
RETURNS TABLE (key uuid, alarm bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    person bigint := guard_actor();
    customer bigint;
    opened bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM guard_user
                   WHERE id = person AND is_active AND role IN ({_ROLES})) OR trim(why) = ''
       OR until > guard_now() + interval '{max(HOURS)} hours' THEN
        RAISE EXCEPTION 'no emergency access for this' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT one.id, one.key INTO customer, key FROM customers_customer AS one
    WHERE one.number = wanted AND NOT one.withdrawn
      AND one.id NOT IN (SELECT customers_granted_to(person, 'closed'));
    IF customer IS NOT NULL THEN
        INSERT INTO customers_grant (person_id, customer_id, kind, reason, given_by_id, starts_at,
                                     ends_at, is_emergency)
        VALUES (person, customer, 'open', left(why, 300), person, guard_now(), until, true)
        RETURNING id INTO opened;
    END IF;
    INSERT INTO guard_alarm (at, kind, person_id, customer, reason, ends_at)
    VALUES (guard_now(), CASE WHEN customer IS NULL THEN 'refused' ELSE 'emergency' END, person,
            customer, left(why, 300), CASE WHEN customer IS NOT NULL THEN until END)
    RETURNING id INTO alarm;
    PERFORM audit_note('emergency', 'customers_grant', array_remove(ARRAY[opened], NULL),
                       array_remove(ARRAY[customer], NULL),
                       jsonb_build_object('opened', customer IS NOT NULL, 'alarm', alarm));
    RETURN NEXT;
END $$;
"""  # noqa: S608

DROP = "DROP FUNCTION customers_open_in_emergency(text, text, timestamptz);"


@transaction.atomic
def open_in_emergency(
    number: str, reason: str, hours: int, *, actor: User, at: datetime
) -> UUID | None:
    """Open the customer of this number to the actor of the transaction, for some hours.

    Owners and data-protection officers get an alarm and a mail, whatever the outcome.

    Returns
    -------
    UUID or None
        The customer's public key; None if no customer has the number, or it is closed to the
        actor: which of the two is not told.

    Raises
    ------
    Forbidden
        The actor's role has no emergencies.
    ValidationError
        No reason is given, or not one of `HOURS`.
    """
    demand(actor, Right.BREAK_GLASS)
    if not reason.strip():
        raise ValidationError(_("Say why."))
    if hours not in HOURS:
        raise ValidationError(_("Choose one of the periods."))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, alarm FROM customers_open_in_emergency(%s, %s, %s)",
            [number.strip(), reason.strip(), at + timedelta(hours=hours)],
        )
        key, alarm = cursor.fetchone()
    transaction.on_commit(lambda: announce(Alarm(pk=alarm, at=at, person=actor,
                                                 kind=_kind_of(key))))  # fmt: skip
    return key if key is None else UUID(str(key))


def _kind_of(key: object) -> str:
    return Alarm.Kind.EMERGENCY if key else Alarm.Kind.EMERGENCY_REFUSED
