"""Reading the company profile."""

from kundenstamm.company.models import CompanyProfile
from kundenstamm.guard.acting import read_anew, read_once

_NAME = "company profile"


def profile() -> CompanyProfile:
    """The company's profile, to read; defaults hold until somebody has filled it in.

    A page reads it once. Whoever changes it takes `profile_to_change`.
    """
    return read_once(_NAME, profile_to_change)


def profile_to_change() -> CompanyProfile:
    """The same, an object of its own."""
    read_anew(_NAME)
    return CompanyProfile.objects.filter(pk=1).first() or CompanyProfile(pk=1)
