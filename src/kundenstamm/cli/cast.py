"""The people of the sample company that one can sign in as."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from kundenstamm.care.models import Interaction
from kundenstamm.cli.sample.care import DIARY
from kundenstamm.customers.models import Assignment, Representative
from kundenstamm.decisions.actions import propose
from kundenstamm.decisions.models import Proposal
from kundenstamm.decisions.offers import Offer
from kundenstamm.guard.models import Role, Team, User
from kundenstamm.guard.rights import Right, may
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.lifecycle.queries.runs import latest_run

# mail address, name, role, code in the sample company's staff
CAST = (
    ("frieda@example.com", "Frieda Falkenried", Role.OWNER, ""),
    ("anna@example.com", "Anna Schlehdorn", Role.REPRESENTATIVE, "AS"),
    ("bernd@example.com", "Bernd Kornblum", Role.REPRESENTATIVE, "BK"),
    ("clara@example.com", "Clara Mohnacker", Role.REPRESENTATIVE, "CM"),
    ("doris@example.com", "Doris Haselbrink", Role.CONTROLLER, ""),
    ("emil@example.com", "Emil Nussbach", Role.AUDITOR, ""),
    ("gesa@example.com", "Gesa Weidenkamp", Role.SALES_LEAD, ""),
    ("ida@example.com", "Ida Rosenstiel", Role.SERVICE, ""),
    ("konrad@example.com", "Konrad Ulmenau", Role.DATA_PROTECTION, ""),
)
LEFT = "clara@example.com"
SERVICE = "ida@example.com"
TEAM = ("Vertrieb Nord", ("anna@example.com", "gesa@example.com", "ida@example.com"))


@transaction.atomic
def engage(*, at: datetime) -> None:
    """Make whoever is missing, without a password, and link who serves customers."""
    people = {email: _person(email, name, role, at) for email, name, role, _code in CAST}
    for email, _name, _role, code in CAST:
        if code:
            Representative.objects.filter(code=code, user=None).update(user=people[email])
    team, made = Team.objects.get_or_create(name=TEAM[0])
    if made:
        team.members.set(people[email] for email in TEAM[1])
    _sign_diary(people[SERVICE])


@transaction.atomic
def bargain(*, at: datetime) -> None:
    """Let Anna propose a rebate beyond the limit, once: it waits for a second person."""
    anna = User.objects.get(email="anna@example.com")
    served = {"customer__assignments__representative__user": anna, "customer__confidential": False}
    regular = Estimate.objects.filter(run=latest_run(), stage="regular", **served)
    largest = regular.select_related("customer").order_by("-year_net_revenue").first()
    if largest is None or not may(anna, Right.SIGN) or Proposal.objects.exists():
        return
    begins = timezone.localdate(at) + timedelta(days=14)
    offer = Offer(begins, begins + timedelta(days=364), rebate=Decimal("0.15"))
    reason = "Ein Mitbewerber bietet 15 % und will im Frühjahr anfangen."
    propose(largest.customer, offer, reason=reason, actor=anna, at=at)


def _sign_diary(service: User) -> None:
    """What stands in the diary was written by who served the customer then, or by the service.

    The diary is loaded before its people have accounts; who has none stays unnamed.
    """
    unsigned = Interaction.objects.filter(source__name=DIARY, author=None)
    unsigned.filter(kind__in=("complaint", "support")).update(author=service)
    served = Assignment.objects.filter(
        Q(ends=None) | Q(ends__gte=OuterRef("day")),
        customer=OuterRef("customer"),
        starts__lte=OuterRef("day"),
        representative__user__isnull=False,
    )
    who = Subquery(served.order_by("-starts").values("representative__user")[:1])
    unsigned.filter(Exists(served)).update(author=who)


def _person(email: str, name: str, role: Role, at: datetime) -> User:
    """Who has been changed since keeps that; Clara has left and is locked from the beginning."""
    found = User.objects.filter(email=email).first()
    if found is None:
        found = User(email=email, name=name, role=role, created_at=at, is_active=email != LEFT)
        found.set_unusable_password()
        found.save()
    return found
