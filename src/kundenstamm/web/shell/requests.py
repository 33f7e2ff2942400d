"""Requests as the views behind the sign-in get them."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from kundenstamm.guard.models import User


class SignedInRequest(HttpRequest):
    """The middleware lets nobody else through; for the types' sake only, never made."""

    user: User
    htmx: HtmxDetails
