"""Addresses that need a right: said once for all of a place, so that no view can be forgotten."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from kundenstamm.guard.rights import Right, demand
from kundenstamm.web.shell.requests import SignedInRequest


def needing(right: Right, patterns: list[URLPattern]) -> list[URLPattern]:
    """The same addresses, refused (403) to whoever has not the right."""
    for pattern in patterns:
        pattern.callback = _checked(right, pattern.callback)
    return patterns


def _checked(right: Right, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def checked(request: SignedInRequest | HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        demand(request.user, right)
        return view(request, *args, **named)

    return checked
