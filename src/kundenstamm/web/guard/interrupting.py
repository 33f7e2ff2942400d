"""allauth interrupts its views by exceptions that its middleware answers. Here the view runs inside
a middleware (``web.guard.acting``), where Django does not pass exceptions on, so it is done here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.middleware import AccountMiddleware
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.http import HttpRequest, HttpResponse


def answered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same view, with interruptions answered."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        try:
            return view(request, *args, **named)
        except (ImmediateHttpResponse, ReauthenticationRequired) as interruption:
            middleware: Any = AccountMiddleware(view)
            answer: HttpResponse = middleware.process_exception(request, interruption)
            return answer

    return answering
