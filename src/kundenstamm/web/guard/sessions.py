"""Where one is signed in. Django's session says that; this remembers where and when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kundenstamm.web.shell.requests import SignedInRequest

NOTED = "noted"
EVERY_SECONDS = 300
BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
    ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


class SeenSessions:
    """Notes a session when it begins and every few minutes; not at every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated:
            note(request)
        return self.get_response(request)


def note(request: HttpRequest) -> None:
    """The key is part of the note: a new password changes it."""
    now = int(timezone.now().timestamp())
    key, at = request.session.get(NOTED, ["", 0])
    if key != request.session.session_key or now - at >= EVERY_SECONDS:
        UserSession.objects.create_from_request(request)
        request.session[NOTED] = [request.session.session_key, now]


def device(user_agent: str) -> str:
    """``Firefox, Windows``: enough to know one's own by."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return ", ".join(filter(None, (browser, system)))


def own_sessions(request: SignedInRequest) -> list[dict[str, Any]]:
    """The person's living sessions, this one first, then the latest seen."""
    living = UserSession.objects.purge_and_list(request.user)
    here = request.session.session_key
    living.sort(key=lambda found: (found.session_key == here, found.last_seen_at), reverse=True)
    return [
        {"session": found, "here": found.session_key == here, "device": device(found.user_agent)}
        for found in living
    ]
