"""Signing in and one's own account."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kundenstamm.guard.actions import choose_language, choose_shortcuts, introduce, set_password
from kundenstamm.guard.models import Role, User
from kundenstamm.guard.people import factors
from kundenstamm.guard.people_actions import end_sessions
from kundenstamm.guard.rights import REACH, RIGHTS, WORDS, Right, may
from kundenstamm.web.guard.adapters import first_page
from kundenstamm.web.guard.demo import cast
from kundenstamm.web.guard.forms import AboutForm, OwnPasswordForm, SignInForm
from kundenstamm.web.guard.languages import remember, with_language
from kundenstamm.web.guard.sessions import own_sessions
from kundenstamm.web.shell.requests import SignedInRequest, own_address


class SignIn(LoginView):  # type: ignore[misc]
    """Signs in; the account's language goes with it. Attempts are counted by allauth."""

    template_name = "guard/sign_in.html"

    def get_form_class(self) -> type[SignInForm]:
        return SignInForm

    def get_success_url(self) -> str | None:
        """The front door is no wish: whoever came by it goes where the role begins."""
        asked: str | None = super().get_success_url()
        return first_page(self.person) if asked == settings.LOGIN_REDIRECT_URL else asked

    def form_valid(self, form: Any) -> HttpResponse:
        self.person = form.user
        return with_language(self.request, super().form_valid(form), form.user)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**extra)
        context["throttled"] = context["form"].has_error("__all__", "too_many_login_attempts")
        context["single_sign_on"] = bool(settings.OIDC_ISSUER)
        context["next"] = self.request.POST.get("next") or self.request.GET.get("next", "")
        return context | {"cast": cast()}


@require_http_methods(["GET", "POST"])
def account(request: SignedInRequest) -> HttpResponse:
    """One's own name, language and password."""
    part = request.POST.get("part", "")
    # The form writes into what it is given, and the frame shows the name as it is stored.
    person = User.objects.get(pk=request.user.pk)
    about = AboutForm(request.POST if part == "about" else None, instance=person)
    password = OwnPasswordForm(request.user, request.POST if part == "password" else None)
    if part == "about" and about.is_valid():
        return _introduced(request, about.cleaned_data)
    if part == "password" and password.is_valid():
        new = password.cleaned_data["new_password1"]
        set_password(request.user, new, actor=request.user, at=timezone.now())
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password has been changed."))
        return redirect("account")
    if part == "keyboard":
        wanted = request.POST.get("shortcuts") == "1"
        choose_shortcuts(request.user, wanted, actor=request.user, at=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("account")
    context = {
        "about": about, "password": password, "sessions": own_sessions(request),
        "has_a_day": may(request.user, Right.RECORD),
    }  # fmt: skip
    return render(request, "guard/account.html", context | {"factors": factors(request.user)})


@require_POST
def end_session(request: SignedInRequest) -> HttpResponse:
    """End one of one's own sessions, or all others; it is over with its next request."""
    mine = UserSession.objects.filter(user=request.user)
    if "others" in request.POST:
        end_sessions(request.user, but=request.session.session_key)
        messages.success(request, _("All other sessions have been ended."))
        return redirect("account")
    wanted = request.POST.get("session", "")
    session = get_object_or_404(mine, pk=int(wanted) if wanted.isdecimal() else 0)
    session.end()
    messages.success(request, _("The session has been ended."))
    return redirect("account")


def _introduced(request: SignedInRequest, told: dict[str, str]) -> HttpResponse:
    at = timezone.now()
    introduce(request.user, told["name"], told["language"], actor=request.user, at=at)
    with translation.override(told["language"]):
        messages.success(request, _("Saved."))
    return remember(redirect("account"), told["language"])


@require_safe
def rights(request: SignedInRequest) -> HttpResponse:
    """Who may do what, on one page."""
    rows = [
        {"label": WORDS[right], "roles": [right in RIGHTS[role] for role in Role]}
        for right in Right
    ]
    context = {
        "roles": [{"label": role.label, "mine": role == request.user.role} for role in Role],
        "reaches": [WORDS[REACH[role]] for role in Role],
        "rows": rows,
    }
    return render(request, "guard/rights.html", context)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The page's language, for this browser and, when signed in, for the account."""
    chosen = request.POST.get("language", "")
    answer = HttpResponseRedirect(own_address(request, request.POST.get("next", "/"), "/"))
    if chosen in dict(settings.LANGUAGES):
        remember(answer, chosen)
        if request.user.is_authenticated:
            choose_language(request.user, chosen, actor=request.user, at=timezone.now())
    return answer
