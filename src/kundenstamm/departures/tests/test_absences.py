"""Somebody is away: the deputy serves, gets what is due, and gives back by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from kundenstamm.care.task_actions import Errand, set_task
from kundenstamm.customers.actions import assign, keep_confidential, open_to
from kundenstamm.customers.models import Assignment, Customer, Grant
from kundenstamm.customers.tests.conftest import knows
from kundenstamm.departures import absences, ending
from kundenstamm.departures.actions import fear
from kundenstamm.departures.models import Absence
from kundenstamm.departures.tests.conftest import AT, DAY, TODAY, as_the_site
from kundenstamm.guard.acting import name_actor
from kundenstamm.guard.models import Team, User
from kundenstamm.guard.rights import Forbidden


def by(person, at=AT):
    return {"actor": person, "at": at}


@pytest.fixture
def days():
    """Say which day it is, to the database too."""

    def passed(number):
        at = AT + number * DAY
        name_actor(None, at=at)
        return at

    return passed


def names(person):
    return set(Customer.objects.visible_to(person).values_list("name", flat=True))


OF_ANNA = {"Ahorn", "Birke", "Buche", "Eiche"}


def away(people, first=0, last=3, **of):
    return absences.send_away(
        of.get("person", people["Anna"]), of.get("deputy", people["Bernd"]),
        TODAY + first * DAY, TODAY + last * DAY, **by(of.get("actor", people["Frieda"])),
    )  # fmt: skip


def test_the_deputy_knows_and_serves_from_the_first_to_the_last_day(base, people, days):
    with as_the_site(people["Greta"]):
        away(people, 2, 4, actor=people["Greta"])
    told = {}
    for number in (0, 1, 2, 4, 5):
        days(number)
        told[number] = OF_ANNA & names(people["Bernd"])
    assert told == {0: set(), 1: set(), 2: OF_ANNA, 4: OF_ANNA, 5: set()}
    assert names(people["Anna"]) == OF_ANNA


def test_what_is_due_goes_to_the_deputy_and_comes_back(base, people, task, days):
    later = set_task(
        base["Birke"], Errand("Später", TODAY + 9 * DAY, people["Anna"]), **by(people["Frieda"])
    )
    made = away(people, 0, 3)
    task.refresh_from_db()
    later.refresh_from_db()
    assert (task.owner, later.owner) == (people["Bernd"], people["Anna"])
    # One that comes in meanwhile, for the deputy who will know nothing of it.
    fresh = set_task(
        base["Buche"], Errand("Neu", TODAY + DAY, people["Bernd"]), **by(people["Bernd"])
    )
    absences.follow(**by(people["Frieda"], days(3)))
    made.refresh_from_db()
    assert made.over_at is None
    absences.follow(**by(people["Frieda"], days(4)))
    for each in (task, fresh, made):
        each.refresh_from_db()
    assert task.owner == fresh.owner == people["Anna"]
    assert made.over_at == AT + 4 * DAY
    assert absences.follow(**by(people["Frieda"], AT + 4 * DAY)) == 0


def test_what_the_deputy_gives_back_on_purpose_stays(base, people, task):
    from kundenstamm.care.task_actions import hand_over

    away(people)
    task.refresh_from_db()
    hand_over(task, people["Anna"], "Nur du kannst das", **by(people["Bernd"]))
    absences.follow(**by(people["Frieda"]))
    task.refresh_from_db()
    assert task.owner == people["Anna"]


def test_who_is_back_sooner_has_everything_back_at_once(base, people, task, days):
    made = away(people, 0, 9)
    at = days(2)
    with as_the_site(people["Greta"]):
        absences.call_back(made, **by(people["Greta"], at))
    days(2)
    task.refresh_from_db()
    assert task.owner == people["Anna"]
    assert not OF_ANNA & names(people["Bernd"])
    assert set(
        Assignment.objects.filter(representative__user=people["Bernd"], customer=base["Ahorn"])
        .values_list("ends", flat=True)
    ) == {TODAY + DAY}  # fmt: skip
    with pytest.raises(ValidationError):
        absences.call_back(made, **by(people["Greta"], at))


def test_one_that_is_called_off_never_was(base, people):
    before = Assignment.objects.count()
    made = away(people, 2, 4)
    assert Assignment.objects.count() == before + 4
    absences.call_back(made, **by(people["Frieda"]))
    assert Assignment.objects.count() == before
    assert not Absence.objects.lasting(TODAY).exists()
    away(people, 2, 4)


def test_what_was_made_lasting_meanwhile_stays(base, codes, people, days):
    """Ahorn goes to Bernd for good on the very day his standing in began."""
    made = away(people, 0, 3)
    assign(base["Ahorn"], codes["Bernd"], TODAY, **by(people["Frieda"]))
    absences.follow(**by(people["Frieda"], days(4)))
    made.refresh_from_db()
    assert "Ahorn" in names(people["Bernd"])
    assert "Birke" not in names(people["Bernd"])


def test_a_confidential_customer_is_opened_for_the_time_only(base, people, days):
    keep_confidential(base["Birke"], **by(people["Frieda"]))
    open_to(people["Anna"], base["Birke"], "Kennt sie", **by(people["Frieda"]))
    made = away(people, 1, 2)
    told = {}
    for number in (0, 1, 2, 3):
        days(number)
        told[number] = knows(people["Bernd"], base["Birke"])
    assert told == {0: False, 1: True, 2: True, 3: False}
    days(1)
    absences.call_back(made, **by(people["Frieda"], AT + DAY))
    assert not knows(people["Bernd"], base["Birke"])
    assert Grant.objects.filter(person=people["Bernd"], ends_at=None).count() == 0


def test_a_deputy_who_serves_a_customer_anyway_goes_on(base, codes, people, days):
    Assignment.objects.create(
        customer=base["Ahorn"], representative=codes["Bernd"], starts=TODAY - DAY
    )
    away(people, 0, 3)
    assert Assignment.objects.filter(customer=base["Ahorn"]).count() == 2
    absences.follow(**by(people["Frieda"], days(4)))
    assert "Ahorn" in names(people["Bernd"])


@pytest.mark.parametrize(
    ("first", "last", "of"),
    [(-1, 3, {}), (3, 2, {}), (0, 400, {}), (2, 5, {"deputy": "Anna"}), (2, 5, {"deputy": "Doris"}),
     (2, 5, {"person": "Bernd", "deputy": "Anna"}), (3, 3, {})],
)  # fmt: skip
def test_days_and_deputies_that_cannot_be_are_refused(base, people, first, last, of):
    """Anna is away from the second to the fourth day already."""
    away(people, 2, 4)
    with pytest.raises(ValidationError):
        away(people, first, last, **{name: people[who] for name, who in of.items()})


def test_only_who_leads_somebody_sends_them_away(base, people):
    other = User.objects.create(
        email="o@example.com", name="Olga", role="sales_lead", created_at=AT
    )
    Team.objects.create(name="Süd").members.set([other, people["Bernd"]])
    for actor in (other, people["Anna"], people["Doris"], people["Emil"]):
        with pytest.raises(Forbidden):
            away(people, actor=actor)
    made = away(people)
    for actor in (other, people["Anna"], people["Doris"]):
        assert not Absence.objects.visible_to(actor).exists()
        with pytest.raises(Forbidden):
            absences.call_back(made, **by(actor))
    assert Absence.objects.visible_to(people["Greta"]).get() == made


def test_when_a_deputy_leaves_somebody_else_stands_in(base, people, task, days):
    away(people, 0, 9)
    leaving = fear(people["Bernd"], "Gerücht", **by(people["Frieda"]))
    leaving.deputy = people["Greta"]
    leaving.save()
    ending.end_rights(leaving, **by(people["Frieda"]))
    [lasting] = Absence.objects.lasting(TODAY)
    assert (lasting.person, lasting.deputy) == (people["Anna"], people["Greta"])
    assert lasting.ends == TODAY + 9 * DAY
    task.refresh_from_db()
    assert task.owner == people["Greta"]
    assert not names(people["Bernd"])


def test_who_leaves_while_away_hands_over_what_the_deputy_had_too(base, people, task):
    away(people, 0, 9)
    leaving = fear(people["Anna"], "Gerücht", **by(people["Frieda"]))
    leaving.deputy = people["Greta"]
    leaving.save()
    ending.end_rights(leaving, **by(people["Frieda"]))
    task.refresh_from_db()
    assert task.owner == people["Greta"]
    assert not Absence.objects.lasting(TODAY).exists()
    assert not OF_ANNA & names(people["Bernd"])


def test_being_introduced_for_some_days_is_not_knowing(base, people, days):
    """A confidential customer that only who leaves knows for good is opened to somebody."""
    keep_confidential(base["Birke"], **by(people["Frieda"]))
    open_to(people["Anna"], base["Birke"], "Nur sie", **by(people["Frieda"]))
    soon = AT + timedelta(days=2)
    open_to(people["Bernd"], base["Birke"], "Besuch", ends_at=soon, **by(people["Frieda"]))
    Grant.objects.filter(person=people["Frieda"]).delete()
    leaving = fear(people["Anna"], "Gerücht", **by(people["Frieda"]))
    ending.follow(**by(people["Frieda"]))
    ending.end_rights(leaving, **by(people["Frieda"]))
    ending.follow(**by(people["Frieda"]))
    days(3)
    assert any(knows(each, base["Birke"]) for each in people.values())
