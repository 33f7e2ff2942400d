"""Signing in and one's own account."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kundenstamm.guard.actions import choose_language, introduce, set_password
from kundenstamm.guard.models import Role, User
from kundenstamm.guard.rights import REACH, RIGHTS, WORDS, Right
from kundenstamm.web.guard.forms import AboutForm
from kundenstamm.web.shell.requests import SignedInRequest


class SignIn(LoginView):
    """Signs in; the account's language goes with it."""

    template_name = "guard/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        if settings.LANGUAGE_COOKIE_NAME not in self.request.COOKIES:
            _remember(answer, form.get_user().language)
        return answer


@require_http_methods(["GET", "POST"])
def account(request: SignedInRequest) -> HttpResponse:
    """One's own name, language and password."""
    part = request.POST.get("part", "")
    # The form writes into what it is given, and the frame shows the name as it is stored.
    person = User.objects.get(pk=request.user.pk)
    about = AboutForm(request.POST if part == "about" else None, instance=person)
    password = PasswordChangeForm(request.user, request.POST if part == "password" else None)
    password.fields["old_password"].widget.attrs.pop("autofocus", None)
    if part == "about" and about.is_valid():
        return _introduced(request, about.cleaned_data)
    if part == "password" and password.is_valid():
        new = password.cleaned_data["new_password1"]
        set_password(request.user, new, actor=request.user, at=timezone.now())
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password has been changed."))
        return redirect("account")
    return render(request, "guard/account.html", {"about": about, "password": password})


def _introduced(request: SignedInRequest, told: dict[str, str]) -> HttpResponse:
    at = timezone.now()
    introduce(request.user, told["name"], told["language"], actor=request.user, at=at)
    with translation.override(told["language"]):
        messages.success(request, _("Saved."))
    return _remember(redirect("account"), told["language"])


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
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    answer = HttpResponseRedirect(target)
    if chosen in dict(settings.LANGUAGES):
        _remember(answer, chosen)
        if request.user.is_authenticated:
            choose_language(request.user, chosen, actor=request.user, at=timezone.now())
    return answer


def _remember(answer: HttpResponse, language: str) -> HttpResponse:
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE, httponly=True,
    )  # fmt: skip
    return answer
