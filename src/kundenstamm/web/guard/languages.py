"""The language a browser is addressed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kundenstamm.guard.models import User


def with_language(request: HttpRequest, answer: HttpResponse, person: User) -> HttpResponse:
    """The person's own language, unless this browser has been told another one."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return answer
    return remember(answer, person.language)


def remember(answer: HttpResponse, language: str) -> HttpResponse:
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE, httponly=True,
    )  # fmt: skip
    return answer
