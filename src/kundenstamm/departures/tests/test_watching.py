"""Unusual reading: off by default, pseudonyms until two agree, nothing of oneself, forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from kundenstamm.departures import actions, watching
from kundenstamm.departures.models import WatchLook, WatchOpening
from kundenstamm.departures.tests.conftest import AT, DAY, as_the_site
from kundenstamm.guard.audit import note_read, note_reveal
from kundenstamm.guard.rights import Forbidden


def by(person):
    return {"actor": person, "at": AT + timedelta(minutes=5)}


@pytest.fixture
def watched(feared, base, people):
    """Anna is feared to leave, and has just opened all customers one after the other."""
    watching.switch_to(True, 90, **by(people["Frieda"]))
    with as_the_site(people["Anna"]):
        for name in ("Ahorn", "Birke", "Buche", "Eiche"):
            told = {"actor": people["Anna"], "at": AT}
            note_read("customer", [base[name].pk], **told)
            note_reveal(base[name].pk, "contact.email", "reach", **told)
        note_read("customers", [each.pk for each in base.values()], **told)
    return feared


def seen(person):
    with as_the_site(person):
        return watching.look(**by(person))


def test_it_is_off_until_an_owner_switches_it_on(feared, people):
    assert seen(people["Frieda"]) == []
    for name in ("Ida", "Greta", "Emil"):
        with pytest.raises(Forbidden):
            watching.switch_to(True, 90, **by(people[name]))
    with pytest.raises(ValidationError):
        watching.switch_to(True, 0, **by(people["Frieda"]))


def test_owner_and_protection_officer_see_counts_under_a_pseudonym(watched, people):
    for name in ("Frieda", "Ida"):
        [told] = seen(people[name])
        assert (told.name, told.days, told.opening) == ("", 1, None)
        assert told.pseudonym == watched.watch.hex[:6].upper()
        assert "Anna" not in str(told)
    for name in ("Greta", "Emil", "Doris", "Anna"):
        with pytest.raises(Forbidden):
            seen(people[name])
    assert {look.by.name for look in WatchLook.objects.all()} == {"Frieda", "Ida"}


def test_what_is_counted(watched, people):
    with as_the_site(people["Ida"]):
        told = watching.reading(people["Ida"], watched.watch, AT - DAY)
    [(_day, mine, counted)] = told
    assert mine
    assert (counted.customers, counted.outside, counted.reveals, counted.taken) == (4, 0, 4, 0)
    assert counted.in_order == 0  # four in a row are how everybody reads


def test_two_people_open_a_name(watched, people):
    frieda, ida = people["Frieda"], people["Ida"]
    with as_the_site(frieda):
        with pytest.raises(ValidationError):
            watching.ask(watched.watch, " ", **by(frieda))
        opening = watching.ask(watched.watch, "Sehr viele an einem Tag", **by(frieda))
        with pytest.raises(ValidationError):
            watching.agree(opening, **by(frieda))
        assert watching.look(**by(frieda))[0].name == ""
    with as_the_site(ida):
        watching.agree(WatchOpening.objects.visible_to(ida).get(), **by(ida))
    for person in (frieda, ida):
        assert seen(person)[0].name == "Anna"
    with pytest.raises(IntegrityError), transaction.atomic():
        WatchOpening.objects.update(agreed_by=frieda)


def test_nobody_sees_that_they_themselves_are_watched(watched, people):
    anna = people["Anna"]
    anna.role = "owner"
    anna.save()
    assert seen(anna) == []
    with as_the_site(anna), pytest.raises(Forbidden):
        watching.ask(watched.watch, "Ich", **by(anna))


def test_it_is_forgotten_and_off_deletes_it(watched, people):
    frieda = people["Frieda"]
    watching.ask(watched.watch, "Grund", **by(frieda))
    seen(frieda)
    actions.withdraw(watched, **by(frieda))
    assert watching.forget(at=AT + 89 * DAY) == 0
    assert watching.forget(at=AT + 91 * DAY) == 2
    seen(frieda)
    watching.switch_to(False, 90, **by(frieda))
    assert not WatchLook.objects.exists()
    assert seen(frieda) == []
