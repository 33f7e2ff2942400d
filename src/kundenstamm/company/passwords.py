"""The company's name makes no password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kundenstamm.company.queries import profile
from kundenstamm.guard.passwords import words_of

if TYPE_CHECKING:
    from kundenstamm.guard.models import User


class CompanyName:
    """No word of the company's name."""

    def validate(self, password: str, user: User | None = None) -> None:  # noqa: ARG002
        if any(word in password.casefold() for word in words_of(profile().name)):
            raise ValidationError(self.get_help_text(), code="password_company")

    def get_help_text(self) -> str:
        return _("The password must not contain the company's name.")
