"""What every page's frame shows."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may

# Name of the address, words, icon, beginning of the paths that belong to it.
PLACES = (
    ("base", _("Base"), "activity", "/"),
    ("customers", _("Customers"), "users", "/customers/"),
    ("imports", _("Import"), "file-up", "/import/"),
    ("company", _("Company"), "building-2", "/company/"),
    ("people", _("People"), "user-cog", "/people/"),
)
# Places that are for some only.
NEEDS = {"people": Right.PEOPLE}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation with the place we are at."""
    here = request.path
    nav = [
        {"name": name, "label": label, "icon": icon, "here": _is_here(here, begins)}
        for name, label, icon, begins in places(getattr(request, "user", None))
    ]
    return {"nav": nav}


def places(actor: User | AnonymousUser | None) -> list[tuple[str, Any, str, str]]:
    """The places that are the actor's to see."""
    return [place for place in PLACES if place[0] not in NEEDS or may(actor, NEEDS[place[0]])]


def _is_here(path: str, begins: str) -> bool:
    return path == begins if begins == "/" else path.startswith(begins)
