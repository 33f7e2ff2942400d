"""The people with an account, and coming in by an invitation."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kundenstamm.customers.actions import link, unlink
from kundenstamm.customers.models import Representative
from kundenstamm.customers.queries import without_account
from kundenstamm.guard import people_actions
from kundenstamm.guard.mails import send_invitation
from kundenstamm.guard.models import Role, User
from kundenstamm.guard.people import WITH_SECOND_FACTOR, open_invitation, people
from kundenstamm.guard.people_actions import Refused
from kundenstamm.web.guard.forms import FirstPasswordForm, InviteForm
from kundenstamm.web.shell.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def people_page(request: SignedInRequest) -> HttpResponse:
    """Everybody with an account, and a form that invites one more."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told, at = form.cleaned_data, timezone.now()
        try:
            token = people_actions.invite(
                told["email"], told["name"], Role(told["role"]), actor=request.user, at=at
            )
        except Refused as refused:
            form.add_error("email", str(refused))
        else:
            _deliver(request, User.objects.get(email=told["email"]), token)
            return redirect("people")
    return render(request, "guard/people.html", _context(form))


@require_POST
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another role, locked or not, or a new link: whichever button was pressed."""
    found = get_object_or_404(User, pk=pk)
    try:
        _change(request, found)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("people")


@require_POST
def serves(request: SignedInRequest, pk: int) -> HttpResponse:
    """The representative's code that an account serves as; without one it serves nobody."""
    found, code = get_object_or_404(User, pk=pk), request.POST.get("code", "").replace("\0", "?")
    actor, at = request.user, timezone.now()
    try:
        if code:
            link(get_object_or_404(Representative, code=code), found, actor=actor, at=at)
        elif served := Representative.objects.filter(user=found).first():
            unlink(served, actor=actor, at=at)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Saved."))
    return redirect("people")


def _change(request: SignedInRequest, found: User) -> None:
    actor, at, part = request.user, timezone.now(), request.POST.get("part", "")
    role = request.POST.get("role", "")
    if part == "lock":
        people_actions.lock(found, actor=actor, at=at)
    elif part == "unlock":
        people_actions.unlock(found, actor=actor, at=at)
    elif part == "link":
        _deliver(request, found, people_actions.renew(found, actor=actor, at=at))
        return
    elif role in Role.values:
        people_actions.give_role(found, Role(role), actor=actor, at=at)
    else:
        return
    messages.success(request, _("Saved."))


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password, and be in."""
    found = open_invitation(token, at=timezone.now())
    if found is None:
        return render(request, "guard/invitation_over.html", status=404)
    form: Any = FirstPasswordForm(found.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["new_password1"]
        try:
            user = people_actions.accept(token, password, at=timezone.now())
        except Refused:
            return render(request, "guard/invitation_over.html", status=404)
        credentials = {"email": user.email, "password": password}
        entered: HttpResponse = perform_password_login(request, credentials, Login(user=user))
        return entered
    context = {"form": form, "person": found.user}
    return render(request, "guard/invitation.html", context)


def _deliver(request: SignedInRequest, user: User, token: str) -> None:
    """By mail; without a mail server, or when it fails, whoever invites gets the link."""
    link = request.build_absolute_uri(reverse("invitation", args=[token]))
    sent = bool(settings.MAIL_HOST)
    try:
        send_invitation(user, link, actor=request.user)
    except OSError:
        sent = False
    if sent:
        messages.success(request, _("The link is on its way to %(mail)s.") % {"mail": user.email})
        return
    words = _("No mail could be sent. Give %(name)s this link, it is valid for 7 days: %(link)s")
    messages.warning(request, words % {"name": user.name, "link": link})


def _context(form: InviteForm) -> dict[str, Any]:
    at = timezone.now()
    everybody = people().select_related("invitation", "representative")
    rows = [
        {"person": one, "state": _state(one, at), "serves": getattr(one, "representative", None)}
        for one in everybody
    ]
    demanded = WITH_SECOND_FACTOR if settings.SECOND_FACTOR_DEMANDED else ()
    told = {"roles": Role.choices, "demanded": demanded, "codes": without_account()}
    return {"form": form, "rows": rows} | told


def _state(one: User, at: Any) -> str:
    """``locked``, ``invited``, ``over``, ``active``."""
    if not one.is_active:
        return "locked"
    link = getattr(one, "invitation", None)
    if link is None or link.used_at or one.has_usable_password():
        return "active"
    return "invited" if link.expires_at > at else "over"
