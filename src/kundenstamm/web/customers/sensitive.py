"""Sensitive fields as pages show them: plain, masked with a way to ask, or not to be opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from kundenstamm.customers.models import Contact
from kundenstamm.guard.keys import KeysRefused
from kundenstamm.guard.masks import FIELDS, sees
from kundenstamm.guard.models import User
from kundenstamm.guard.revealing import Reason
from kundenstamm.lifecycle.queries import latest_run
from kundenstamm.web.customers.sheet_charts import YEAR

_SCHEMES = {"email": "mailto:", "phone": "tel:"}
SHOWN = ("phone", "email", "best_time", "mention")


@dataclass(frozen=True)
class Shown:
    """One field of a contact; ``ask``: where to say why one wants to see it.

    ``named``: what it is does not speak for itself.
    """

    label: str
    text: str
    href: str = ""
    ask: str = ""
    named: bool = True


def contacts(actor: User, found: Iterable[Contact]) -> list[dict[str, Any]]:
    """Contacts with those of their fields that say something."""
    return [
        {
            "contact": contact,
            "fields": [
                of_contact(contact, name, plain=sees(actor, f"contact.{name}"))
                for name in SHOWN
                if getattr(contact, name)
            ],
        }
        for contact in found
    ]


def of_contact(contact: Contact, name: str, *, plain: bool) -> Shown:
    field = FIELDS[f"contact.{name}"]
    try:
        text = contact.open(name)
    except KeysRefused:
        return Shown(str(field.label), _("cannot be opened: its key is missing"))
    if plain:
        return revealed(name, text)
    ask = reverse("reveal-contact", args=[contact.key, name])
    return Shown(str(field.label), field.mask(text), ask=ask, named=name not in _SCHEMES)


def revealed(name: str, text: str) -> Shown:
    label = str(FIELDS[f"contact.{name}"].label)
    if name not in _SCHEMES:
        return Shown(label, text)
    return Shown(label, text, _SCHEMES[name] + text.replace(" ", ""), named=False)


def of_entries(actor: User, query: QueryDict, *, revealed: bool) -> dict[str, Any]:
    """Whether the entries' prices and their sum are shown; of one document, the way to ask."""
    prices = revealed or sees(actor, "document.prices")
    single = {name: query[name] for name in ("document", "day") if query.get(name)}
    return {
        "prices": prices,
        "total_shown": prices or not _tells_of_few(query),
        "asked_document": single | {"place": "entries"}
        if not prices and len(single) == 2
        else None,
        "reasons": Reason.choices,
    }


def _tells_of_few(query: QueryDict) -> bool:
    """Whether a sum is of less than the year that the pages show anyway: it could be one price."""
    if any(query.get(name) for name in ("document", "day")):
        return True
    ends = (query.get("from", ""), query.get("to", ""))
    run = latest_run()
    year = (str(run.as_of - YEAR), str(run.as_of)) if run else ("", "")
    return any(ends) and ends != year
