"""Roles that see everything come in with a second factor only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kundenstamm.guard.models import User
from kundenstamm.guard.people import must_protect

# What one needs for setting it up, and the way out.
OPEN = {
    "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate",
    "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "sign-out", "language",
}  # fmt: skip


class SecondFactorDemanded:
    """Until owners and controllers have one, every page leads to where it is set up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if not settings.SECOND_FACTOR_DEMANDED or not isinstance(request.user, User):
            return None
        match = request.resolver_match
        if match is not None and match.url_name in OPEN:
            return None
        return redirect("mfa_index") if must_protect(request.user) else None
