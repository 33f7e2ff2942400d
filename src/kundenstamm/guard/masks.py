"""Sensitive fields: who sees them without asking, and what the others see instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kundenstamm.guard.rights import Right, may

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.utils.functional import _StrPromise

    from kundenstamm.guard.models import User

HIDDEN = "•••"


@dataclass(frozen=True)
class Sensitive:
    """What a field is called, the right to see it at once, and its mask."""

    label: _StrPromise
    right: Right
    mask: Callable[[str], str]


def mask_mail(text: str) -> str:
    """``m•••@example.com``: whose it is can be guessed, who it is cannot."""
    local, at, domain = text.rpartition("@")
    if not at:
        return HIDDEN
    return f"{local[:1] if len(local) > 1 else ''}{HIDDEN}@{domain}"


def mask_phone(text: str) -> str:
    """``+49 ••• 12``: at least three digits stay hidden."""
    digits = re.findall(r"[0-9]", text)
    if len(digits) < 6:
        return HIDDEN
    end = "".join(digits[-2:])
    lead = re.match(r"\+?[0-9]+", text.strip())
    start = lead[0][:4] if lead else ""
    if len(digits) - len(start.lstrip("+")) - 2 < 3:
        return f"{HIDDEN} {end}"
    return f"{start} {HIDDEN} {end}".lstrip()


# A new sensitive field needs a line here, and a column in its model's ``sealed_fields``.
FIELDS = {
    "contact.email": Sensitive(_("Mail address"), Right.CONTACTS, mask_mail),
    "contact.phone": Sensitive(_("Phone"), Right.CONTACTS, mask_phone),
    "contact.best_time": Sensitive(_("Best time"), Right.CONTACTS, lambda _text: HIDDEN),
    "contact.mention": Sensitive(_("What to mention"), Right.CONTACTS, lambda _text: HIDDEN),
    # Words have no part that tells little: a note is shown whole or not at all.
    "interaction.note": Sensitive(_("Note"), Right.RECORD, lambda _text: HIDDEN),
    "interaction.attachment": Sensitive(_("Attachment"), Right.RECORD, lambda _name: HIDDEN),
    "document.prices": Sensitive(_("Prices"), Right.PRICES, lambda _amount: HIDDEN),
}


def sees(actor: User | AnonymousUser | None, field: str) -> bool:
    """Whether the actor is shown this field without asking. Nothing else decides."""
    return may(actor, FIELDS[field].right)
