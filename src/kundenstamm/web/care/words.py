"""Words that are sealed, as a page shows them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kundenstamm.guard.keys import KeysRefused
from kundenstamm.guard.masks import HIDDEN, sees
from kundenstamm.guard.models import User
from kundenstamm.guard.sealed_fields import SealedFields


def reads(actor: User) -> bool:
    """Whether the actor reads what was written about customers."""
    return sees(actor, "interaction.note")


def opened(row: SealedFields, column: str, *, plain: bool) -> str:
    """The text of a sealed column; what may not be read, or cannot be opened, says so."""
    if not getattr(row, column):
        return ""
    if not plain:
        return HIDDEN
    try:
        return row.open(column)
    except KeysRefused:
        return _("cannot be opened: its key is missing")
