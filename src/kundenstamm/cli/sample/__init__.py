"""The sample company, loaded as if it had worked with Kundenstamm all along.

What it serves is allocated month by month, as an office would do it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from kundenstamm.acquisition.preparing import prepare_all as prepare_growth
from kundenstamm.cli.sample.books import post_books
from kundenstamm.cli.sample.care import load_care
from kundenstamm.cli.sample.contacts import acquaint, name_whom_they_met
from kundenstamm.cli.sample.growth import load_growth
from kundenstamm.cli.sample.masters import (
    fill_profile,
    load_customers,
    load_products,
    load_staff,
    open_confidential,
)
from kundenstamm.cli.sample.serving import load_serving
from kundenstamm.cli.sample_terms import load_agreements
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.lifecycle.actions import value_all
from kundenstamm.lifecycle.models import ValuationRun
from kundenstamm.today.preparing import prepare_all

if TYPE_CHECKING:
    from kundenstamm.worth.synthetic import SampleCompany


def load_sample(*, actor: User, at: datetime) -> bool:
    """Make the sample company up to today and value it; False where there are customers already."""
    if Customer.objects.exists():
        return False
    from django.utils import timezone

    from kundenstamm.worth.synthetic import sample_company

    today = timezone.localdate(at)
    load(sample_company(today), as_of=today, actor=actor, at=at)
    return True


@transaction.atomic
def load(company: SampleCompany, *, as_of: date, actor: User, at: datetime) -> ValuationRun:
    """Load all that has a place, value every customer, prepare the day: all or nothing."""
    fill_profile(company)
    load_products(company)
    load_customers(company, at)
    acquaint(at)
    load_staff(company)
    open_confidential(actor, at)
    post_books(company, actor=actor, at=at)
    load_care(company, at)
    name_whom_they_met()
    load_serving(company, as_of=as_of, actor=actor, at=at)
    load_agreements(company, actor=actor, at=at)
    load_growth(company, as_of=as_of, actor=actor, at=at)
    run = value_all(as_of=as_of, actor=actor, at=at)
    prepare_all(as_of, actor=actor, at=at)
    prepare_growth(actor=actor, at=at)
    return run
