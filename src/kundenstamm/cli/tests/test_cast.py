"""The demo's cast serves the sample company's customers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kundenstamm.care.models import Complaint, Interaction, Task
from kundenstamm.cli import sample
from kundenstamm.cli.cast import bargain, engage
from kundenstamm.cli.sample.care import DIARY
from kundenstamm.cli.sample.waiting import wait
from kundenstamm.customers.models import Assignment, Representative
from kundenstamm.decisions.models import Proposal
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.models import Role, User
from kundenstamm.worth.synthetic import sample_company

AT = datetime(2026, 6, 30, 18, tzinfo=UTC)
UNTIL = date(2026, 6, 30)


@pytest.mark.django_db
def test_the_cast_is_linked_to_who_serves_customers():
    frieda = ensure_owner(at=AT, email="frieda@example.com", name="Frieda Falkenried")
    sample.load(sample_company(UNTIL, customers=80, years=1), as_of=UNTIL, actor=frieda, at=AT)
    engage(at=AT)
    codes = dict(Representative.objects.exclude(user=None).values_list("user__email", "code"))
    assert codes == {
        "anna@example.com": "AS", "bernd@example.com": "BK", "clara@example.com": "CM",
    }  # fmt: skip
    linked = Representative.objects.exclude(user=None).values_list("name", "user__name")
    assert all(name == shown for name, shown in linked)
    assert set(User.objects.values_list("role", flat=True)) == set(Role)
    assert list(User.objects.filter(is_active=False)) == [User.objects.get(email__startswith="c")]
    for email in codes:
        assert Assignment.objects.filter(representative__user__email=email).exists()
    recorded = Interaction.objects.filter(source__name=DIARY)
    signed = recorded.filter(author__email__in=[*codes, "ida@example.com"])
    assert signed.count() > recorded.count() / 4
    assert not recorded.filter(kind="complaint").exclude(author__email="ida@example.com").exists()
    for each in signed.exclude(kind="complaint")[:20]:
        served = each.customer.assignments.filter(representative__user=each.author)
        assert served.filter(starts__lte=each.day).exists()
    for _again in range(2):
        bargain(at=AT)
    [waiting] = Proposal.objects.all()
    assert (waiting.state, waiting.proposed_by.name) == ("waiting", "Anna Schlehdorn")
    wait(at=AT)
    made = Task.objects.count(), Complaint.objects.count()
    assert min(made) > 0
    wait(at=AT)
    assert (Task.objects.count(), Complaint.objects.count()) == made


@pytest.mark.django_db
def test_what_was_changed_in_the_demo_stays():
    engage(at=AT)
    User.objects.filter(email="anna@example.com").update(role=Role.SERVICE, is_active=False)
    engage(at=AT)
    anna = User.objects.get(email="anna@example.com")
    assert (anna.role, anna.is_active) == (Role.SERVICE, False)
    assert User.objects.count() == 9
