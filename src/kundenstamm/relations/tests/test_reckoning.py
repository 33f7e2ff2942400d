"""Reckoning: what is stored is what the records say, touched or whole, and history stays."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from kundenstamm.care.models import Interaction
from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.guard.models import Role, User
from kundenstamm.relations.correcting import correct
from kundenstamm.relations.models import (
    Bond,
    Colleague,
    Correction,
    FirmDay,
    PersonDay,
    Reckoning,
    Tie,
)
from kundenstamm.relations.reckoning import reckon_all, reckon_due, refresh
from kundenstamm.relations.tests.conftest import AT, TODAY, spoke, valued

LATER = AT + timedelta(minutes=10)


def reckon(world, day=TODAY):
    return reckon_all(day, actor=world.people["Frieda"], at=AT)


def stored():
    """By customer and colleague."""
    return {
        (each.customer.name, each.colleague.name): each
        for each in Bond.objects.select_related("customer", "colleague")
    }


def plain():
    return {
        key: (round(each.strength, 9), round(each.cover, 9), each.holds, each.hanging)
        for key, each in stored().items()
    }


def test_before_the_first_valuation_nothing_is_reckoned(people):
    assert reckon_all(TODAY, actor=people["Frieda"], at=AT) is None
    assert reckon_due(actor=people["Frieda"], at=AT, today=TODAY) is None


def test_bonds_are_what_the_records_say(world):
    reckon(world)
    told = stored()
    anna = told["Ahorn", "Anna"]
    strength = 1 + 2**-0.5 + 0.5
    others = 2 ** (-400 / 180)
    assert anna.strength == pytest.approx(strength)
    assert anna.bound == pytest.approx(strength / (0.25 + strength + others))
    assert (anna.cover, anna.holds, anna.days, anna.last_day) == (0, True, 3, TODAY)
    assert float(anna.hanging) == pytest.approx(12_000 * anna.bound, abs=1e-4)
    assert told["Birke", "Bernd"].holds
    assert told["Birke", "Anna"].cover == pytest.approx(1)
    assert told["Birke", "Anna"].hanging == 0
    # Who costs money takes none along.
    assert (told["Erle", "Anna"].value, told["Erle", "Anna"].hanging) == (0, 0)
    assert ("Distel", "Bernd") not in told


def test_what_nobody_signed_counts_for_who_served_then(world, codes):
    """Carl has no account; a complaint that nobody signed is nobody's."""
    spoke(world.of["Distel"], None, 5, kind="complaint")
    Assignment.objects.filter(customer=world.of["Carex"]).update(ends=TODAY - timedelta(days=10))
    Assignment.objects.create(
        customer=world.of["Carex"], representative=codes["Bernd"], starts=TODAY - timedelta(days=9)
    )
    reckon(world)
    told = stored()
    assert ("Distel", "Bernd") not in told
    carl = told["Carex", "Carl"]
    # He serves nobody any more: he is not here, so nobody holds it.
    assert (carl.colleague.here, carl.holds, carl.bound, carl.hanging) == (False, False, 0, 0)


def test_tries_and_what_was_withdrawn_count_nowhere(world):
    Bond.objects.all().delete()
    Interaction.objects.filter(customer=world.of["Ahorn"]).update(
        withdrawn_at=AT, withdrawn_by=world.people["Anna"], withdrawn_because="falsch"
    )
    spoke(world.of["Ahorn"], world.people["Anna"], 1, kind="call", reached=False)
    reckon(world)
    assert not Bond.objects.filter(customer=world.of["Ahorn"]).exists()
    assert not Tie.objects.filter(customer=world.of["Ahorn"]).exists()


def test_ties_name_the_contact(world):
    reckon(world)
    told = {
        (each.colleague.name, each.contact): each.days
        for each in Tie.objects.filter(customer=world.of["Ahorn"]).select_related("contact")
    }
    assert told == {("Anna", world.contact): 3, ("Bernd", None): 1}


def test_sums_of_the_day_are_the_bonds(world):
    reckon(world)
    today = FirmDay.objects.get(day=TODAY)
    assert today.value == 25_000
    assert today.hanging == sum(each.hanging for each in Bond.objects.all())
    assert (today.customers, today.alone, today.looked_back) == (4, 3, False)
    anna = PersonDay.objects.get(day=TODAY, colleague__name="Anna")
    assert (anna.customers, anna.value) == (2, 12_000)
    assert PersonDay.objects.filter(day=TODAY).count() == 3


def test_the_first_time_the_quarters_before_are_worked_out(world):
    reckon(world)
    before = FirmDay.objects.exclude(day=TODAY).order_by("day")
    # Nobody had spoken before 400 days ago.
    assert before.first().day >= TODAY - timedelta(days=400)
    assert all(each.looked_back for each in before)
    then = TODAY - timedelta(days=90)
    assert then in {each.day for each in before}
    told = PersonDay.objects.get(day=then, colleague__name="Anna")
    strength, other = 1 + 2**-0.5, 2 ** (-310 / 180)
    assert float(told.hanging) == pytest.approx(
        12_000 * strength / (0.25 + strength + other), abs=1e-3
    )
    FirmDay.objects.filter(day=then).update(customers=77)
    reckon(world, TODAY + timedelta(days=1))
    assert FirmDay.objects.get(day=then).customers == 77


def test_refreshing_the_touched_comes_to_the_same_as_reckoning_all(world):
    reckon(world)
    spoke(world.of["Distel"], world.people["Bernd"], 0)
    spoke(world.of["Ahorn"], world.people["Bernd"], 0)
    frieda = world.people["Frieda"]
    made = refresh([world.of[n].pk for n in ("Distel", "Ahorn")], actor=frieda, at=LATER)
    assert (made.whole, made.customers) == (False, 2)
    touched, sums = plain(), FirmDay.objects.values_list("hanging", "alone").get(day=TODAY)
    reckon(world)
    assert plain() == touched
    assert FirmDay.objects.values_list("hanging", "alone").get(day=TODAY) == sums


def test_due_is_what_has_happened_since(world):
    frieda = world.people["Frieda"]
    Interaction.objects.update(recorded_at=AT - timedelta(days=1))

    def due(at=LATER, today=TODAY):
        made = reckon_due(actor=frieda, at=at, today=today)
        return made and made.whole

    assert due() is True
    assert due() is None
    spoke(world.of["Distel"], world.people["Bernd"], 0)
    Interaction.objects.filter(customer=world.of["Distel"]).update(recorded_at=LATER)
    assert due() is False
    valued(world, Ahorn=1)
    assert due() is True
    User.objects.filter(name="Bernd").update(is_active=False)
    assert due() is True
    assert stored()["Birke", "Anna"].holds
    assert due(today=TODAY + timedelta(days=1)) is True
    Reckoning.objects.update(made_at=LATER + timedelta(days=1))
    assert due(today=TODAY + timedelta(days=1)) is None


def test_a_correction_counts_with_the_next_reckoning(world):
    reckon(world)
    bernd = Colleague.objects.get(name="Bernd")
    anna = world.people["Anna"]
    correct(world.of["Ahorn"], bernd, "holds", "Duzt den Chef", actor=anna, at=AT)
    refresh([world.of["Ahorn"].pk], actor=anna, at=AT)
    assert stored()["Ahorn", "Bernd"].holds
    Correction.objects.update(withdrawn_at=AT, withdrawn_by=anna)
    refresh([world.of["Ahorn"].pk], actor=anna, at=AT)
    assert stored()["Ahorn", "Anna"].holds


def test_who_gets_an_account_stays_who_they_were(world, codes):
    reckon(world)
    before = Colleague.objects.get(name="Carl")
    carl = User.objects.create(
        email="carl@example.com", name="Carl C.", role=Role.REPRESENTATIVE, created_at=AT
    )
    Representative.objects.filter(name="Carl").update(user=carl)
    reckon(world)
    after = Colleague.objects.get(user=carl)
    assert (after.pk, after.name, after.here) == (before.pk, "Carl C.", True)
    assert after.representative == codes["Carl"]
    Representative.objects.filter(name="Carl").update(user=None)
    reckon(world)
    assert Colleague.objects.get(user=carl).representative is None
    assert Colleague.objects.get(representative=codes["Carl"]).name == "Carl"


def test_an_account_and_a_code_that_turn_out_to_be_one(world, codes):
    """Both had rows of their own before: what was said of the one is said of the other."""
    carl = User.objects.create(
        email="carl@example.com", name="Carl C.", role=Role.REPRESENTATIVE, created_at=AT
    )
    reckon(world)
    code = Colleague.objects.get(representative=codes["Carl"])
    correct(world.of["Ahorn"], code, "knows", "war dabei", actor=world.people["Anna"], at=AT)
    Representative.objects.filter(name="Carl").update(user=carl)
    reckon(world)
    assert not Colleague.objects.filter(pk=code.pk).exists()
    one = Colleague.objects.get(user=carl)
    assert Correction.objects.get().colleague == one
    assert stored()["Carex", "Carl C."].colleague == one


def test_a_withdrawn_customer_is_bound_to_nobody(world):
    Customer.objects.filter(name="Ahorn").update(withdrawn=True)
    reckon(world)
    assert {name for name, _who in stored()} == {"Birke", "Carex", "Erle"}
    assert FirmDay.objects.get(day=TODAY).value == Decimal(13_000)
