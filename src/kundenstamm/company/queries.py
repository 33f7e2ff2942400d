"""Reading the company profile."""

from kundenstamm.company.models import CompanyProfile


def profile() -> CompanyProfile:
    """The company's profile; defaults hold until somebody has filled it in."""
    return CompanyProfile.objects.filter(pk=1).first() or CompanyProfile(pk=1)
