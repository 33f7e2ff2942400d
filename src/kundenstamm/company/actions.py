"""What happens to the company profile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kundenstamm.company.models import CompanyProfile
from kundenstamm.company.queries import profile_to_change
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand


def describe(facts: Mapping[str, Any], *, actor: User, at: datetime) -> CompanyProfile:
    """Put down what the company is; facts not named stay.

    Raises
    ------
    kundenstamm.guard.rights.Forbidden
        The actor does not keep the company's profile.
    django.core.exceptions.ValidationError
        A fact that cannot be: an unknown time zone, a margin above 100 %.
    """
    demand(actor, Right.COMPANY)
    found = profile_to_change()
    for name, value in facts.items():
        setattr(found, name, value)
    found.full_clean()
    found.save()
    return found
