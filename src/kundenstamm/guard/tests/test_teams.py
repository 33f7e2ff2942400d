"""Teams are made, renamed, filled and dissolved by who keeps the people."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from kundenstamm.guard import team_actions
from kundenstamm.guard.models import Role, Team, User
from kundenstamm.guard.people import teams, who_could_know
from kundenstamm.guard.rights import Forbidden

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def people():
    return {
        name: User.objects.create(email=f"{name}@example.com", name=name, role=role, created_at=AT)
        for name, role in (
            ("Frieda", Role.OWNER), ("Anna", Role.REPRESENTATIVE), ("Emil", Role.AUDITOR),
        )
    }  # fmt: skip


@pytest.fixture
def nord(people):
    return team_actions.make_team(" Nord ", [people["Anna"]], actor=people["Frieda"], at=AT)


def test_a_team_is_made_renamed_filled_and_dissolved(people, nord):
    frieda = people["Frieda"]
    assert [(team.name, list(team.members.all())) for team in teams()] == [
        ("Nord", [people["Anna"]])
    ]
    team_actions.rename_team(nord, "Süd", actor=frieda, at=AT)
    team_actions.set_members(nord, [frieda], actor=frieda, at=AT)
    assert [(team.name, list(team.members.all())) for team in teams()] == [("Süd", [frieda])]
    team_actions.dissolve_team(nord, actor=frieda, at=AT)
    assert not teams()
    assert User.objects.count() == 3


@pytest.mark.parametrize("name", ["", "   ", "nord", "NORD "])
def test_a_name_that_cannot_be_is_told_at_its_field(people, nord, name):
    frieda = people["Frieda"]
    other = team_actions.make_team("Ost", [], actor=frieda, at=AT)
    for deed in (
        lambda: team_actions.make_team(name, [], actor=frieda, at=AT),
        lambda: team_actions.rename_team(other, name, actor=frieda, at=AT),
    ):
        with pytest.raises(ValidationError) as refused:
            deed()
        assert list(refused.value.message_dict) == ["name"]
    assert set(Team.objects.values_list("name", flat=True)) == {"Nord", "Ost"}


def test_a_team_may_be_called_as_it_is(people, nord):
    team_actions.rename_team(nord, "NORD", actor=people["Frieda"], at=AT)
    assert Team.objects.get().name == "NORD"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_only_who_keeps_the_people_touches_teams(people, nord, role):
    actor = User(pk=people["Anna"].pk, role=role)
    for deed in (
        lambda: team_actions.make_team("Ost", [actor], actor=actor, at=AT),
        lambda: team_actions.rename_team(nord, "Ost", actor=actor, at=AT),
        lambda: team_actions.set_members(nord, [actor], actor=actor, at=AT),
        lambda: team_actions.dissolve_team(nord, actor=actor, at=AT),
    ):
        with pytest.raises(Forbidden):
            deed()
    assert Team.objects.get().name == "Nord"


def test_customers_are_opened_to_those_who_could_know_some(people):
    assert list(who_could_know()) == [people["Anna"], people["Frieda"]]
    User.objects.filter(name="Anna").update(is_active=False)
    assert list(who_could_know()) == [people["Frieda"]]
