"""The demo's cast comes in with one click. Outside the demo this address does not exist."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from kundenstamm.guard.models import User
from kundenstamm.web.guard.languages import with_language

# Nobody real has an address there: should the switch be set on a real site, it opens no account.
INVENTED = "@example.com"


def cast() -> QuerySet[User]:
    """Who may be played; nobody outside the demo."""
    if not settings.DEMO:
        return User.objects.none()
    return User.objects.filter(email__endswith=INVENTED, is_active=True).order_by("name")


@login_not_required
@require_POST
def play(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the cast."""
    if not settings.DEMO:
        raise Http404
    person = get_object_or_404(cast(), email=request.POST.get("email", ""))
    # Counts as having just signed in, or the cast were asked for passwords it does not have.
    record_authentication(request, person, "demo")
    return with_language(request, perform_login(request, Login(user=person)), person)
