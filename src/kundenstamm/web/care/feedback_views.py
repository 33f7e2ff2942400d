"""The page behind a survey's link: nobody is signed in, no cookie is set, no script runs.

The link alone is the authority, so there is nothing that a foreign site could borrow: the page
asks for no CSRF token, which would need a cookie and a referrer.
"""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kundenstamm.care.answering import Answer, Asked, answer, asked_by
from kundenstamm.company.queries import profile
from kundenstamm.web.care.survey_forms import FeedbackForm

# From one address in ten minutes: a family of phones, no search for links.
LIMITS = {"feedback": "60/10m/ip"}


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, token: str) -> HttpResponse:
    """The question, and thanks for the answer; one plain page for every link that is none."""
    if not ratelimit.consume(
        request, app="kundenstamm", action="feedback", config=LIMITS, limit_get=True
    ):
        return _page(request, None, 429, {})
    asked = asked_by(token)
    if asked is None:
        return _page(request, None, 404, {})
    with translation.override(asked.language):
        if request.method != "POST":
            return _page(
                request, asked, 200, {"form": FeedbackForm(initial={"score": asked.score})}
            )
        form = FeedbackForm(request.POST)
        if not form.is_valid():
            return _page(request, asked, 422, {"form": form})
        if not answer(token, Answer(**form.cleaned_data)):
            return _page(request, None, 404, {})
        return _page(request, asked_by(token), 200, {"thanks": True})


def _page(
    request: HttpRequest, asked: Asked | None, status: int, context: dict[str, object]
) -> HttpResponse:
    told = {"asked": asked, "company": profile().name, "status": status} | context
    made = render(request, "care/feedback.html", told, status=status)
    made["Cache-Control"] = "no-store"
    made["Referrer-Policy"] = "no-referrer"
    made["X-Robots-Tag"] = "noindex, nofollow"
    return made
