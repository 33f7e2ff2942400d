"""Where allauth asks us: nobody signs up, secrets are encrypted, no accounts by single sign-on."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from kundenstamm.guard.models import Role, User

BEGIN_WITH_TODAY = (Role.REPRESENTATIVE, Role.SERVICE)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People come in by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return first_page(request.user)

    def add_message(self, request: HttpRequest, level: int, *_: Any, **options: Any) -> None:
        """Pages of ours say themselves what has happened; errors are passed on."""
        if options.get("message"):
            messages.add_message(request, level, options["message"])

    def respond_user_inactive(
        self,
        request: HttpRequest,
        user: AbstractBaseUser,  # noqa: ARG002
    ) -> HttpResponse:
        """Only told to who knows the password."""
        messages.error(request, _("This account is locked. An owner can unlock it."))
        return redirect("sign-in")

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Whoever has just signed in is not asked for the password a second time."""
        request = context.request
        records = get_authentication_records(request, request.user)
        fresh = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        if any(record["at"] > fresh for record in records):
            return False
        return bool(super().is_reauthentication_required(app=app, **options))


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """A copy of the database alone must not be enough to make codes."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "Kundenstamm"}


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Only people with an account come in, known by the mail address that the issuer verified."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Looked up anew each time, so nothing has to be disconnected when somebody leaves."""
        verified = [known.email for known in sociallogin.email_addresses if known.verified]
        found = [user for mail in verified if (user := _with_account(mail))]
        if not found:
            _back(request, _("There is no account here for the mail address of your sign-in."))
        sociallogin.user = found[0]

    def on_authentication_error(self, request: HttpRequest, *_: Any, **_options: Any) -> None:
        _back(request, _single_sign_on_failed())


def first_page(person: Any) -> str:
    """Who works through a day of customers begins with it; everybody else with the base."""
    begins = isinstance(person, User) and person.role in BEGIN_WITH_TODAY
    return resolve_url("today" if begins else settings.LOGIN_REDIRECT_URL)


def _single_sign_on_failed() -> str:
    return _("Single sign-on has not worked. Try again, or sign in with your password.")


def _with_account(mail: str) -> User | None:
    return User.objects.filter(email__iexact=mail, is_active=True).first()


def _back(request: HttpRequest, words: str) -> NoReturn:
    messages.error(request, words)
    raise ImmediateHttpResponse(redirect("sign-in"))


def _cipher() -> Fernet:
    digest = hashlib.sha256(b"second factors" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
