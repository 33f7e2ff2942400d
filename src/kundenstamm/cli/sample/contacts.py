"""Whom the sample company talks to: their part in the decision, and what each likes to hear of."""

from __future__ import annotations

from datetime import datetime
from itertools import cycle
from typing import TYPE_CHECKING

from django.db import connection

from kundenstamm.customers.contacts import Contact, Objection, Role, Way
from kundenstamm.customers.models import Customer, Link
from kundenstamm.guard import keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    _Told = tuple[str, list[Role], Way, str, str]

# What is known of a customer's main contact: function, roles, way, best time, what to mention.
_AT_DEALERS = (
    ("Geschäftsführung", [Role.DECIDER], Way.VISIT, "dienstags vor 10 Uhr",
     "Rudert im Verein; fragt immer zuerst nach der Lieferzeit."),
    ("Einkaufsleitung", [Role.BUYER, Role.DECIDER], Way.PHONE, "vormittags",
     "Vergleicht jeden Preis; kurze Gespräche, Zahlen vorab per Mail."),
    ("Filialleitung", [Role.INFLUENCER, Role.BUYER], Way.MAIL, "",
     "Wartet auf das neue Verkaufsdisplay, das im Frühjahr zugesagt wurde."),
)  # fmt: skip
_AT_END_CUSTOMERS = (
    ("Küchenleitung", [Role.USER, Role.INFLUENCER], Way.PHONE, "nach 15 Uhr, nie mittags",
     "Kocht mit Kräutern aus dem eigenen Garten; mag es, wenn man fragt."),
    ("Inhaberin", [Role.DECIDER, Role.PAYER], Way.VISIT, "montags",
     "Trinkt Tee statt Kaffee; ein neues Gewächshaus ist in Planung."),
    ("Technische Leitung", [Role.DECIDER, Role.USER], Way.MAIL, "",
     "Schätzt technische Datenblätter mehr als Rabatte."),
)  # fmt: skip
# Somebody else beside the main contact: name, function, roles, whether mail of ours is unwelcome.
_BESIDE = (
    ("Gudrun Espenhain", "Buchhaltung", [Role.PAYER], False),
    ("Malte Quittenbaum", "Lagerleitung", [Role.USER], False),
    ("Thea Wacholder", "Assistenz der Geschäftsführung", [Role.GATEKEEPER], True),
)
EVERY = 4


def acquaint(at: datetime) -> None:
    """Every fourth customer's people are known better, and a second one of theirs."""
    keys.hold()
    mains = Contact.objects.filter(is_main=True).select_related("customer")
    chosen = list(mains.order_by("customer__number")[::EVERY])
    told: dict[str, Iterator[_Told]] = {
        link.value: cycle(_AT_DEALERS) for link in (Link.DEALER, Link.WHOLESALER)
    }
    others = cycle(_AT_END_CUSTOMERS)
    for contact in chosen:
        _describe(contact, told.get(contact.customer.link, others), at)
    Contact.objects.bulk_update(
        chosen,
        ["function", "roles", "preferred_way", "language", "best_time", "best_time_index",
         "mention", "mention_index", "edited_at"],
    )  # fmt: skip
    beside = cycle(_BESIDE)
    Contact.objects.bulk_create(_second(each.customer, *next(beside), at) for each in chosen)


def _describe(contact: Contact, told: Iterator[_Told], at: datetime) -> None:
    contact.function, roles, contact.preferred_way, best_time, mention = next(told)
    contact.roles = [role.value for role in roles]
    contact.language, contact.edited_at = "de", at
    contact.put("best_time", best_time)
    contact.put("mention", mention)


def _second(
    customer: Customer, name: str, function: str, roles: list[Role], unwelcome: bool, at: datetime
) -> Contact:
    made = Contact(
        customer=customer, name=name, function=function, roles=[role.value for role in roles],
        objection=Objection.ADVERTISING if unwelcome else "", language="de", edited_at=at,
    )  # fmt: skip
    made.put("phone", "030 23125 990")
    return made


def name_whom_they_met() -> None:
    """Visits and calls of those customers were with the main contact."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE care_interaction AS happened SET contact_id = contact.id
            FROM customers_contact AS contact
            WHERE contact.customer_id = happened.customer_id AND contact.is_main
              AND contact.edited_at IS NOT NULL AND happened.kind IN ('visit', 'call')
            """
        )
