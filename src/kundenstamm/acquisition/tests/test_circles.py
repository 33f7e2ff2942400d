"""Stored sums, and what differs: for every reader equal to the sums over whom they know now."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import asdict

import pytest
from django.db import ProgrammingError, connection

from kundenstamm.acquisition import readers, reading
from kundenstamm.acquisition.models import Arrival, ArrivalCost, Circle, Touch
from kundenstamm.acquisition.preparing import prepare_all, prepare_due, refresh
from kundenstamm.acquisition.tests.conftest import AT, DAY, TODAY, as_the_site
from kundenstamm.customers.actions import close_to, keep_confidential, open_to
from kundenstamm.customers.models import Assignment, Customer, Grant
from kundenstamm.guard.models import Role
from kundenstamm.worth.acquisition.attribution import Attribution

# All who may open the page, and two who may not.
READERS = ("Frieda", "Doris", "Greta", "Anna", "Emil")
MONTHS = ("customers", "won", "regulars", "took", "number", "weight", "weight_squared", "amount",
          "squared")  # fmt: skip


def stored(person, way):
    """What the page reads."""
    found = reading.told(person, way)
    told = {}
    for channel, each in found.channels.items():
        for month, of in each.months.items():
            told[channel, month] = _flat(asdict(of))
        for age, of in each.ages.items():
            told[channel, age] = _flat(asdict(of))
    return _without_nothing(told), found.prospects


def _flat(told):
    """Sums within sums as one, by name."""
    found = {}
    for name, each in told.items():
        found |= each if isinstance(each, dict) else {name: each}
    return found


def live(person, way):
    """The same, added up one by one from the arrivals that the person may see."""
    told = defaultdict(lambda: defaultdict(float))
    prospects = 0
    rows = Arrival.objects.visible_to(person)
    costs = list(ArrivalCost.objects.visible_to(person))
    for each in rows.select_related("path").prefetch_related("path__credits"):
        prospects += each.day is None
        own = [cost for cost in costs if cost.customer_id == each.customer_id]
        for credit in each.path.credits.all():
            if credit.way == way:
                _add(told, each, own, credit.channel, credit.part)
    return _without_nothing(told), prospects


def _add(told, each, costs, channel, part):
    for cost in costs:
        told[channel, cost.month]["took"] += part * float(cost.amount)
    if each.day is None:
        return
    won = told[channel, each.day.replace(day=1)]
    won["customers"] += 1
    won["won"] += part
    won["regulars"] += part * each.regular
    if each.lifetime is not None:
        _amount(won, part, float(each.lifetime))
    for n, (brought, so_far) in enumerate(zip(each.months, each.so_far, strict=True), start=1):
        age = told[channel, (each.day.year, n)]
        age["brought"] += part * float(brought)
        _amount(age, part, float(so_far))


def _amount(told, part, amount):
    told["number"] += 1
    told["weight"] += part
    told["weight_squared"] += part**2
    told["amount"] += part * amount
    told["squared"] += part * amount**2


def _without_nothing(told):
    """In a fixed order of columns; rounded to nothing is nothing."""
    found = {
        key: [float(of.get(name, 0)) for name in (*MONTHS, "brought")] for key, of in told.items()
    }
    return {key: of for key, of in found.items() if any(round(each, 6) for each in of)}


def check(people, names=READERS):
    for name in names:
        person = people[name]
        person.refresh_from_db()
        for way in Attribution:
            assert_same(stored(person, way), live(person, way))


def assert_same(one, other):
    """To a ten-thousandth of a cent: parts of customers are added in another order."""
    assert one[0].keys() == other[0].keys()
    for key, values in one[0].items():
        assert values == pytest.approx(other[0][key], rel=1e-12, abs=1e-6), key
    assert one[1] == other[1]


def checked_before_and_after_a_pass(people):
    check(people)
    prepare_due(actor=people["Frieda"], at=AT)
    check(people)


def test_every_reader_is_told_the_sums_over_whom_they_know(company, people):
    check(people)
    everybody, some = (stored(people[name], Attribution.POSITION) for name in ("Frieda", "Greta"))
    assert everybody[1] == 1
    assert some[0]
    assert everybody != some


def test_who_has_no_lifetime_value_counts_all_the_same(company, people, by):
    Arrival.objects.filter(customer=company["Vier"]).update(lifetime=None)
    readers.fill(AT)
    check(people)
    keep_confidential(company["Zwei"], **by)
    check(people)


@pytest.fixture
def by(people):
    return {"actor": people["Frieda"], "at": AT}


def test_what_is_confidential_opened_or_closed_counts_for_whom_it_is_open(company, people, by):
    served_by_anna, served_by_bernd = company["Zwei"], company["Eins"]
    before = stored(people["Greta"], Attribution.FIRST)
    for customer in (served_by_anna, served_by_bernd):
        keep_confidential(customer, **by)
        checked_before_and_after_a_pass(people)
    assert stored(people["Greta"], Attribution.FIRST) != before
    for name in ("Greta", "Doris"):
        open_to(people[name], served_by_anna, "Prüfung", **by)
    checked_before_and_after_a_pass(people)
    assert_same(stored(people["Greta"], Attribution.FIRST), before)
    open_to(people["Greta"], company["Drei"], "Vertretung", **by)
    checked_before_and_after_a_pass(people)
    for name, customer in (("Greta", "Vier"), ("Greta", "Morgen"), ("Doris", "Drei")):
        close_to(people[name], company[customer], "Befangen", **by)
    checked_before_and_after_a_pass(people)


def test_customers_that_change_hands_count_at_once(company, people, codes, by):
    before = stored(people["Greta"], Attribution.LAST)
    Assignment.objects.filter(customer=company["Zwei"]).update(ends=TODAY - DAY)
    Assignment.objects.create(customer=company["Drei"], representative=codes["Anna"], starts=TODAY)
    check(people)
    assert stored(people["Greta"], Attribution.LAST) != before
    # Noted in between, of those who changed as well.
    Touch.objects.filter(customer__in=[company["Zwei"], company["Drei"]]).delete()
    checked_before_and_after_a_pass(people)


def test_a_pass_works_out_only_what_changed_and_all_the_same(company, people, by):
    prepare_due(**by)
    assert prepare_due(**by) is None
    keep_confidential(company["Zwei"], **by)
    close_to(people["Doris"], company["Eins"], "Befangen", **by)
    assert prepare_due(**by) is not None
    assert refresh(**by) is None
    check(people)
    prepare_all(**by)
    check(people)


def test_whoever_becomes_a_reader_is_told_before_the_next_pass(company, people, by):
    people["Anna"].role = Role.SALES_LEAD
    people["Anna"].save()
    assert not Circle.objects.filter(person=people["Anna"]).exists()
    checked_before_and_after_a_pass(people)
    assert Circle.objects.filter(person=people["Anna"]).exists()
    people["Anna"].role = Role.CONTROLLER
    people["Anna"].save()
    checked_before_and_after_a_pass(people)
    assert not Circle.objects.filter(person=people["Anna"]).exists()


def test_whoever_is_locked_is_told_nothing(company, people, by):
    people["Greta"].is_active = False
    people["Greta"].save()
    assert stored(people["Greta"], Attribution.FIRST) == ({}, 0)
    prepare_due(**by)
    assert [each.person_id for each in Circle.objects.all()] == [None]


def test_a_month_of_hidden_customers_alone_is_not_told(company, people, by):
    """Not with zeros, either: nothing says that somebody was won then."""
    customer = company["Eins"]
    Arrival.objects.filter(customer=customer).update(day=TODAY - 2000 * DAY)
    readers.fill(AT)
    month = (TODAY - 2000 * DAY).replace(day=1)
    told = reading.told(people["Doris"], Attribution.FIRST).channels
    assert any(month in each.months for each in told.values())
    keep_confidential(customer, **by)
    for _ in range(2):
        told = reading.told(people["Doris"], Attribution.FIRST).channels
        assert not any(month in each.months for each in told.values())
        assert not any((month.year, 1) in each.ages for each in told.values())
        prepare_due(**by)


def test_behind_the_wall_the_same_is_told_and_stored_sums_are_not_read(company, people, by):
    keep_confidential(company["Zwei"], **by)
    for name in ("Doris", "Greta"):
        expected = live(people[name], Attribution.FIRST)
        with as_the_site(people[name]):
            assert_same(stored(people[name], Attribution.FIRST), expected)
    for table in ("circle", "channelmonth", "channelage"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            as_the_site(people["Frieda"]),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SELECT count(*) FROM acquisition_{table}")


@pytest.mark.parametrize("seed", range(3))
def test_whatever_changes_in_whatever_order(company, people, codes, by, seed):
    dice = random.Random(seed)
    for _ in range(25):
        customer = Customer.objects.get(pk=dice.choice(list(company.values())).pk)
        dice.choice(CHANGES)(customer, people[dice.choice(READERS[1:3])], codes, dice)
        check(people, [dice.choice(READERS)])
        if dice.random() < 0.3:
            prepare_due(**by)
            check(people)
    checked_before_and_after_a_pass(people)


def _turn_confidential(customer, _person, _codes, _dice):
    customer.confidential = not customer.confidential
    customer.save()


def _turn_withdrawn(customer, _person, _codes, _dice):
    customer.withdrawn = not customer.withdrawn
    customer.save()


def _grant(customer, person, _codes, dice):
    Grant.objects.filter(customer=customer, person=person).delete()
    if dice.random() < 0.7:
        Grant.objects.create(
            customer=customer, person=person, kind=dice.choice(Grant.Kind.values), reason="Prüfung",
            starts_at=AT, given_by=person,
        )  # fmt: skip


def _served(customer, _person, codes, dice):
    Assignment.objects.filter(customer=customer).update(
        representative=codes[dice.choice(("Anna", "Bernd"))]
    )


def _touched(customer, _person, _codes, _dice):
    Touch.objects.filter(customer=customer).delete()


CHANGES = (_turn_confidential, _turn_withdrawn, _grant, _grant, _served, _touched)
