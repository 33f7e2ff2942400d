"""Requests as the views behind the sign-in get them."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from kundenstamm.guard.models import User


class SignedInRequest(HttpRequest):
    """The middleware lets nobody else through; for the types' sake only, never made."""

    user: User
    htmx: HtmxDetails


def own_address(request: HttpRequest, told: str, otherwise: str) -> str:
    """Where a form or link says to go on, if that is on this site: nobody is led astray."""
    ours = url_has_allowed_host_and_scheme(told, {request.get_host()}, request.is_secure())
    return told if ours else otherwise


def moment() -> datetime:
    """What this request's transaction holds to be now: a grant that begins then holds in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard_now()")
        found: datetime = cursor.fetchone()[0]
        return found
