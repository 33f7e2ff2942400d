"""What happens to accounts."""

from __future__ import annotations

from datetime import datetime

from kundenstamm.guard.models import Role, User

LOCAL_OWNER = "owner@localhost"


def ensure_owner(*, at: datetime, email: str = LOCAL_OWNER, name: str = "") -> User:
    """The installation's owner; made on first use, without a password and so unable to sign in."""
    owner = User.objects.filter(role=Role.OWNER, is_active=True).order_by("pk").first()
    if owner is not None:
        return owner
    owner = User(email=email, name=name or email.split("@")[0], role=Role.OWNER, created_at=at)
    owner.set_unusable_password()
    owner.save()
    return owner


def set_password(user: User, password: str, *, actor: User, at: datetime) -> None:  # noqa: ARG001
    """Give an account a new password.

    Raises
    ------
    django.core.exceptions.ValidationError
        The password is too short, too common or too close to the name.
    """
    from django.contrib.auth.password_validation import validate_password

    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])


def choose_language(user: User, language: str, *, actor: User, at: datetime) -> None:  # noqa: ARG001
    """The language an account is addressed in."""
    user.language = language
    user.save(update_fields=["language"])


# The audit's trigger takes the actor from the transaction.
def choose_shortcuts(user: User, shortcuts: bool, *, actor: User, at: datetime) -> None:  # noqa: ARG001
    """Whether single keys do something on the account's pages."""
    user.shortcuts = shortcuts
    user.save(update_fields=["shortcuts"])


def introduce(user: User, name: str, language: str, *, actor: User, at: datetime) -> None:  # noqa: ARG001
    """How an account is called, and the language it is addressed in."""
    user.name = name
    user.language = language
    user.save(update_fields=["name", "language"])
