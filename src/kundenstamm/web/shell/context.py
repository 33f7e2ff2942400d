"""What every page's frame shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

# Name of the address, words, icon, beginning of the paths that belong to it.
PLACES = (
    ("base", _("Base"), "activity", "/"),
    ("customers", _("Customers"), "users", "/customers/"),
    ("imports", _("Import"), "file-up", "/import/"),
    ("company", _("Company"), "building-2", "/company/"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation with the place we are at."""
    here = request.path
    nav = [
        {"name": name, "label": label, "icon": icon, "here": _is_here(here, begins)}
        for name, label, icon, begins in PLACES
    ]
    return {"nav": nav}


def _is_here(path: str, begins: str) -> bool:
    return path == begins if begins == "/" else path.startswith(begins)
