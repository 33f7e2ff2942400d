"""The people of the sample company that one can sign in as."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kundenstamm.customers.models import Representative
from kundenstamm.guard.models import Role, Team, User

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


def _person(email: str, name: str, role: Role, at: datetime) -> User:
    """Who has been changed since keeps that; Clara has left and is locked from the beginning."""
    found = User.objects.filter(email=email).first()
    if found is None:
        found = User(email=email, name=name, role=role, created_at=at, is_active=email != LEFT)
        found.set_unusable_password()
        found.save()
    return found
