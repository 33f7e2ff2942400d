"""Pages of joining where names, trade and region are attacks, with their addresses."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from kundenstamm.customers.models import Assignment, Representative
from kundenstamm.guard.models import User
from kundenstamm.web.tests.conftest import NASTY


def pages_of_joining(customer):
    """The customer may go to somebody new, and went to the reader from who has left."""
    new, _made = User.objects.get_or_create(
        email="neu@example.com",
        defaults={"name": NASTY[:115], "role": "representative", "created_at": timezone.now()},
    )
    asked = {"who": new.pk, "customers": 3, "of": NASTY, "trade": NASTY, "region": NASTY}
    return {
        "joining": reverse("joining"),
        "joining-asked": f"{reverse('joining')}?who={new.pk}&customers=3",
        "joining-typed": f"{reverse('joining')}?{urlencode(asked)}",
        "new-customers": _taken_over(customer),
    }


def _taken_over(customer):
    reader, today = User.objects.get(email="frieda@example.com"), timezone.localdate()
    before, _made = Representative.objects.get_or_create(
        code="vorher", defaults={"name": NASTY[:110] + "3"}
    )
    mine, _made = Representative.objects.get_or_create(
        user=reader, defaults={"code": "selbst", "name": reader.name}
    )
    day = timedelta(days=1)
    for who, starts, ends in ((before, today - 9 * day, today - 3 * day), (mine, today, None)):
        Assignment.objects.get_or_create(
            customer=customer, representative=who, starts=starts, defaults={"ends": ends}
        )
    return reverse("new-customers")
