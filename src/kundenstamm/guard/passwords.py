"""Passwords that are refused. The lists lie on this machine; nobody is asked over the network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from kundenstamm.guard.models import User

SHORTEST = 4
# Of four; below it somebody with the stolen hash is through within days.
WANTED = 3
# Looked at only so far: the time it takes grows fast with the length.
LOOKED_AT = 72


def words_of(text: str) -> set[str]:
    """The words long enough to be worth forbidding."""
    return {word for word in re.split(r"[\W_]+", text.casefold()) if len(word) >= SHORTEST}


class PersonalWords:
    """No part of one's own name or mail address, and not the name of this software."""

    def validate(self, password: str, user: User | None = None) -> None:
        own = words_of(f"{user.name} {user.email.partition('@')[0]}") if user else set()
        if any(word in password.casefold() for word in own | {"kundenstamm"}):
            raise ValidationError(self.get_help_text(), code="password_personal")

    def get_help_text(self) -> str:
        return _("The password must not contain your name or mail address.")


class KnownOrGuessable:
    """None from the lists of stolen passwords, and none a program would soon guess."""

    def validate(self, password: str, user: User | None = None) -> None:
        from zxcvbn import zxcvbn

        about = [user.name, user.email] if user else []
        found: dict[str, Any] = zxcvbn(password[:LOOKED_AT], user_inputs=about)
        if found["score"] < WANTED:
            raise ValidationError(
                _(
                    "This password is on lists of stolen passwords, or is easily guessed from them."
                    " Take several words that do not belong together."
                ),
                code="password_known",
            )

    def get_help_text(self) -> str:
        return _("Several words that do not belong together are strong and easily kept in mind.")
