"""Somebody enters a prospect by name: a customer record of whom nothing was sold to yet.

A function of the database makes it, for behind the wall nobody writes a customer whom they do not
know as yet. Whoever enters one knows it from then on: who serves customers serves it, who
leads others has it opened. The stage follows from the next valuation, as with every customer.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from kundenstamm.customers import queries
from kundenstamm.customers.models import Customer, Link
from kundenstamm.guard.models import User
from kundenstamm.guard.normalising import one_spelling
from kundenstamm.guard.rights import RIGHTS, Right, demand

_ROLES = ", ".join(f"'{role.value}'" for role in RIGHTS if Right.PURSUE in RIGHTS[role])
# Numbers of our own, until the customer gets one in the books: P-1, P-2, …
BEGINS = "P-"

# Roles are our own constants, so there is nothing to inject.
CREATE = f"""
CREATE SEQUENCE customers_prospect_number;

CREATE FUNCTION customers_enter_prospect(
    of_name text, of_link text, of_trade text, of_region text, of_city text, why text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    person bigint := guard_actor();
    serves bigint;
    made bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM guard_user
                   WHERE id = person AND is_active AND role IN ({_ROLES})) THEN
        RAISE EXCEPTION 'no prospects for this role' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO customers_customer (key, number, name, kind, link, trade, region, country, postcode,
                                    city, street, channel, confidential, created_at, withdrawn)
    VALUES (gen_random_uuid(), '{BEGINS}' || nextval('customers_prospect_number'), of_name,
            'company', of_link, of_trade, of_region, '', '', of_city, '', '', false, guard_now(),
            false)
    RETURNING id INTO made;
    SELECT id INTO serves FROM customers_representative WHERE user_id = person;
    IF serves IS NOT NULL THEN
        INSERT INTO customers_assignment (customer_id, representative_id, starts)
        VALUES (made, serves, guard_day());
    ELSIF guard_reach(person) <> 'all' THEN
        INSERT INTO customers_grant (person_id, customer_id, kind, reason, given_by_id, starts_at,
                                     is_emergency)
        VALUES (person, made, 'open', left(why, 300), person, guard_now(), false);
    END IF;
    RETURN made;
END $$;
"""  # noqa: S608

DROP = """
DROP FUNCTION customers_enter_prospect(text, text, text, text, text, text);
DROP SEQUENCE customers_prospect_number;
"""


@transaction.atomic
def enter_prospect(
    name: str,
    *,
    link: str = "",
    trade: str = "",
    region: str = "",
    city: str = "",
    actor: User,
    at: datetime,
) -> Customer:
    """Make a record of somebody who has bought nothing yet; the actor of the transaction knows it.

    Raises
    ------
    Forbidden
        The actor's role enters no prospects.
    ValidationError
        There is no name, no such link, or the actor knows a customer of this name.
    """
    demand(actor, Right.PURSUE)
    called = one_spelling(name)[:200]
    if not called:
        raise ValidationError({"name": _("Say what the company or the person is called.")})
    if link and link not in Link.values:
        raise ValidationError({"link": _("There is no such link.")})
    if queries.called(actor, called).exists():
        raise ValidationError(
            {"name": _("You know a customer of this name. Start the pursuit on its page.")}
        )
    told = [called, link, trade.strip()[:100], region.strip()[:100], city.strip()[:100]]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customers_enter_prospect(%s, %s, %s, %s, %s, %s)",
            [*told, _("Entered as a prospect")],
        )
        (made,) = cursor.fetchone()
    return Customer.objects.get(pk=made)
