"""Every request runs in one transaction on behalf of who is signed in."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from kundenstamm.customers.following import kept_of
from kundenstamm.guard.acting import Way, acting_as
from kundenstamm.guard.audit import note_refused
from kundenstamm.guard.models import AuditEntry, User


class OnBehalf:
    """The last middleware: it calls the view, and rolls back what an exception left half done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: Sequence[Any],
        named: dict[str, Any],
    ) -> HttpResponse:
        actor = request.user if isinstance(request.user, User) else None
        at, way = timezone.now(), way_of(request)
        try:
            with acting_as(actor, at=at, way=way):
                return view(request, *args, **named)
        except (Http404, PermissionDenied) as refused:
            # Its own transaction: the other one is rolled back, with all that it noted.
            with acting_as(actor, at=at, way=way):
                elsewhere = _elsewhere(request, named, actor)
                if elsewhere and isinstance(refused, Http404):
                    return redirect(elsewhere)
                note_refused(_place(request), actor=actor, at=at)
            raise


def _elsewhere(request: HttpRequest, named: dict[str, Any], actor: User | None) -> str | None:
    """The same page of the customer into whom the one asked for was merged."""
    key, match = named.get("key"), request.resolver_match
    if request.method != "GET" or not isinstance(key, uuid.UUID) or not match or actor is None:
        return None
    kept = kept_of(actor, key)
    return reverse(match.view_name, kwargs={**named, "key": kept.key}) if kept else None


def way_of(request: HttpRequest) -> Way:
    """An id of its own, and the network address, as far as the proxy is believed."""
    address = str(get_adapter().get_client_ip(request) or "")
    return Way(uuid.uuid4().hex, AuditEntry.Channel.PAGE, address)


def _place(request: HttpRequest) -> str:
    """The name of the page asked for: an address may hold what does not belong in the audit."""
    match = request.resolver_match
    return (match.url_name if match else None) or ""
