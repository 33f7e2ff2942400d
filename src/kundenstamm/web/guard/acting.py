"""Every request runs in one transaction on behalf of who is signed in."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kundenstamm.guard.acting import acting_as
from kundenstamm.guard.models import User


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
        with acting_as(actor, at=timezone.now(), request=uuid.uuid4().hex):
            return view(request, *args, **named)
