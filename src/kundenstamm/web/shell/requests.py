"""Requests as the views behind the sign-in get them."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from kundenstamm.guard.models import User


class SignedInRequest(HttpRequest):
    """The middleware lets nobody else through; for the types' sake only, never made."""

    user: User
    htmx: HtmxDetails


def moment() -> datetime:
    """What this request's transaction holds to be now: a grant that begins then holds in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard_now()")
        found: datetime = cursor.fetchone()[0]
        return found
