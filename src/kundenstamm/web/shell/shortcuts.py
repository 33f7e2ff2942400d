"""Single keys that do something: told once, for the pages that list them and the script that obeys.

Each can be done by mouse as well. They are letters without Ctrl or Alt, so they can be switched off
in the account (WCAG 2.1.4); Ctrl-K and the keys within the palette are none of these.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kundenstamm.web.shell.context import PLACES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from kundenstamm.guard.models import User


@dataclass(frozen=True)
class Shortcut:
    """``does`` is what the script calls it; a space parts keys that follow each other."""

    keys: str
    does: str
    says: _StrPromise

    @property
    def shown(self) -> list[str]:
        """Each key as it stands on the keyboard."""
        return [str(_SHOWN.get(key, key)) for key in self.keys.split()]


_SHOWN = {"Enter": "↵", "Space": _("space bar"), "Escape": "Esc", "Ctrl+K": _("Ctrl+K")}

ANYWHERE = (
    Shortcut("?", "shortcuts", _("list the shortcuts")),
    Shortcut("/", "search", _("to the search")),
)
ON_LISTS = (
    Shortcut("j", "next", _("next row")),
    Shortcut("k", "previous", _("previous row")),
    Shortcut("Enter", "open", _("open the row")),
    Shortcut("Space", "preview", _("preview beside the list, and away again")),
    Shortcut("x", "select", _("select the row, or not")),
    Shortcut("s", "star", _("star the customer, or not; on the customer's page, too")),
)
# With Ctrl or within the palette: they stay when the others are switched off.
ALWAYS = (
    Shortcut("Ctrl+K", "palette", _("find customers, pages and commands (⌘K on a Mac)")),
    Shortcut("↑ ↓", "", _("choose among what was found")),
    Shortcut("Escape", "", _("close what is open")),
)


def going_to(actor: User) -> list[tuple[Shortcut, str]]:
    """``g``, then a letter: to each place that the actor may go to; with its address."""
    return [
        (Shortcut(f"g {place.letter}", "go", place.label), reverse(place.name))
        for place in PLACES
        if place.letter and place.is_open_to(actor)
    ]


def table(actor: User) -> list[tuple[str, list[Shortcut]]]:
    """Everything under its heading, for people."""
    return [
        (str(_("Everywhere")), [*ANYWHERE]),
        (str(_("Go to")), [each for each, _address in going_to(actor)]),
        (str(_("On lists")), [*ON_LISTS]),
        (str(_("Always")), [*ALWAYS]),
    ]


def for_script(actor: User) -> str:
    """Keys → what to do, or where to go; nothing for those who switched them off."""
    if not actor.shortcuts:
        return "{}"
    obeyed = {each.keys: each.does for each in (*ANYWHERE, *ON_LISTS)}
    return json.dumps(obeyed | {each.keys: address for each, address in going_to(actor)})
