"""Customers are assigned, handed over one by one and all at once; accounts are linked to codes."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from kundenstamm.customers import actions
from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.customers.queries import to_hand_over
from kundenstamm.customers.tests.conftest import (
    AT,
    ROLES,
    TODAY,
    as_the_site,
    day,
    knows,
    record,
    served,
)
from kundenstamm.guard.models import Role, User
from kundenstamm.guard.people_actions import Refused
from kundenstamm.guard.rights import Forbidden

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("before", "given", "after"),
    [
        ([], ("Bernd", 0), {("Bernd", 0, None)}),
        ([("Anna", -365, None)], ("Bernd", 0), {("Anna", -365, -1), ("Bernd", 0, None)}),
        ([("Anna", -365, None)], ("Bernd", 9), {("Anna", -365, 8), ("Bernd", 9, None)}),
        ([("Anna", -365, None)], ("Bernd", -9), {("Anna", -365, -10), ("Bernd", -9, None)}),
        # ends on some day after that: cut as well
        ([("Anna", -365, 30)], ("Bernd", 0), {("Anna", -365, -1), ("Bernd", 0, None)}),
        ([("Anna", -365, 0)], ("Bernd", 0), {("Anna", -365, -1), ("Bernd", 0, None)}),
        # over: untouched
        ([("Anna", -365, -1)], ("Bernd", 0), {("Anna", -365, -1), ("Bernd", 0, None)}),
        # begins on the same day, or later: off
        ([("Anna", 0, None)], ("Bernd", 0), {("Bernd", 0, None)}),
        (
            [("Anna", -9, 4), ("Carl", 5, None)],
            ("Bernd", 0),
            {("Anna", -9, -1), ("Bernd", 0, None)},
        ),
        # two at once hand over to one
        (
            [("Anna", -9, None), ("Carl", -5, None)],
            ("Bernd", 0),
            {("Anna", -9, -1), ("Carl", -5, -1), ("Bernd", 0, None)},
        ),
        # the same once more, and again open-ended
        ([("Bernd", 0, None)], ("Bernd", 0), {("Bernd", 0, None)}),
        ([("Bernd", 0, 7)], ("Bernd", 0), {("Bernd", 0, None)}),
    ],
)  # fmt: skip
def test_assigning_leaves_one_who_serves_from_that_day_on(people, codes, before, given, after):
    customer = served("Birke", *((codes[who], starts, ends) for who, starts, ends in before))
    made = actions.assign(customer, codes[given[0]], day(given[1]), actor=people["Frieda"], at=AT)
    assert record(customer) == after
    assert Assignment.objects.get(pk=made.pk).representative == codes[given[0]]


@pytest.mark.parametrize(
    ("held", "ends", "after"),
    [
        ((-9, None), 0, {("Anna", -9, 0)}),
        ((-9, None), -3, {("Anna", -9, -3)}),
        ((-9, None), 5, {("Anna", -9, 5)}),
        ((-9, 5), 2, {("Anna", -9, 2)}),
        ((0, None), 0, {("Anna", 0, 0)}),
        # before its first day: it never held
        ((0, None), -1, set()),
        ((5, None), 0, set()),
    ],
)
def test_an_assignment_ends_with_its_last_day(people, codes, held, ends, after):
    customer = served("Birke", (codes["Anna"], *held))
    assignment = Assignment.objects.get(customer=customer)
    actions.end_assignment(assignment, day(ends), actor=people["Frieda"], at=AT)
    assert record(customer) == after
    assert knows(people["Anna"], customer) == any(
        starts <= 0 <= (ends if ends is not None else 0) for _who, starts, ends in after
    )


def test_an_end_is_not_put_off(people, codes):
    customer = served("Birke", (codes["Anna"], -9, -2))
    with pytest.raises(ValidationError) as refused:
        actions.end_assignment(
            Assignment.objects.get(customer=customer), TODAY, actor=people["Frieda"], at=AT
        )
    assert "ends" in refused.value.message_dict
    assert record(customer) == {("Anna", -9, -2)}


def test_knowledge_goes_over_with_the_customer(people, codes, customer):
    assert knows(people["Anna"], customer)
    actions.assign(customer, codes["Bernd"], TODAY, actor=people["Frieda"], at=AT)
    assert (knows(people["Anna"], customer), knows(people["Bernd"], customer)) == (False, True)


@pytest.mark.parametrize("name", ROLES)
def test_who_may_assign(people, codes, customer, name):
    """Owners everybody they know, sales leads their team's; nobody else."""
    actor, held = people[name], Assignment.objects.get(customer=customer)
    deeds = (
        lambda: actions.assign(customer, codes["Anna"], TODAY, actor=actor, at=AT),
        lambda: actions.end_assignment(held, TODAY, actor=actor, at=AT),
        lambda: actions.transfer(codes["Anna"], codes["Carl"], TODAY, actor=actor, at=AT),
    )
    if name in ("Frieda", "Greta"):
        deeds[0]()
        assert deeds[2]() == 1
        return
    for deed in deeds:
        with pytest.raises(Forbidden):
            deed()
    assert record(customer) == {("Anna", -365, None)}


def test_a_customer_one_does_not_know_is_not_assigned(people, codes):
    foreign = served("Buche", (codes["Bernd"], -9, None))
    held = Assignment.objects.get(customer=foreign)
    with pytest.raises(Forbidden):
        actions.assign(foreign, codes["Anna"], TODAY, actor=people["Greta"], at=AT)
    with pytest.raises(Forbidden):
        actions.end_assignment(held, TODAY, actor=people["Greta"], at=AT)
    assert record(foreign) == {("Bernd", -9, None)}


@pytest.mark.parametrize(
    ("before", "starts", "after"),
    [
        ([("Anna", -9, None)], 0, {("Anna", -9, -1), ("Bernd", 0, None)}),
        ([("Anna", -9, None)], 5, {("Anna", -9, 4), ("Bernd", 5, None)}),
        ([("Anna", 0, None)], 0, {("Bernd", 0, None)}),
        # what was to begin later or to end, does so for the new one
        ([("Carl", -9, 6), ("Anna", 7, None)], 0, {("Carl", -9, 6), ("Bernd", 7, None)}),
        ([("Anna", -9, 20)], 0, {("Anna", -9, -1), ("Bernd", 0, 20)}),
        # over, or somebody else's: untouched
        ([("Anna", -9, -1)], 0, {("Anna", -9, -1)}),
        ([("Anna", -9, None), ("Carl", -5, None)], 0,
         {("Anna", -9, -1), ("Carl", -5, None), ("Bernd", 0, None)}),
        # the new one serves already
        ([("Anna", -9, None), ("Bernd", -3, None)], 0, {("Anna", -9, -1), ("Bernd", -3, None)}),
        ([("Anna", -9, None), ("Bernd", 0, 3)], 0, {("Anna", -9, -1), ("Bernd", 0, None)}),
        # two that become one
        ([("Anna", -9, 3), ("Anna", -5, None)], 0,
         {("Anna", -9, -1), ("Anna", -5, -1), ("Bernd", 0, None)}),
    ],
)  # fmt: skip
def test_a_transfer_passes_on_what_is_left(people, codes, before, starts, after):
    customer = served("Birke", *((codes[who], begins, ends) for who, begins, ends in before))
    moved = actions.transfer(
        codes["Anna"], codes["Bernd"], day(starts), actor=people["Frieda"], at=AT
    )
    assert record(customer) == after
    assert moved == (0 if after == set(before) else 1)


def test_a_transfer_takes_the_customers_that_the_actor_knows(people, codes, customer):
    """One is confidential and not opened to Frieda, one came by an import that was taken back."""
    hidden = served("Buche", (codes["Anna"], -9, None))
    Customer.objects.filter(pk=hidden.pk).update(confidential=True)
    withdrawn = served("Zeder", (codes["Anna"], -9, None))
    Customer.objects.filter(pk=withdrawn.pk).update(withdrawn=True)
    other = served("Eiche", (codes["Anna"], -9, None))
    frieda = people["Frieda"]
    assert to_hand_over(frieda, codes["Anna"], TODAY).count() == 2
    assert actions.transfer(codes["Anna"], codes["Bernd"], TODAY, actor=frieda, at=AT) == 2
    for each in (customer, other):
        assert ("Bernd", 0, None) in record(each)
    for each in (hidden, withdrawn):
        assert record(each) == {("Anna", -9, None)}


def test_a_transfer_costs_the_same_for_one_and_for_many(
    people, codes, customer, django_assert_num_queries
):
    for number in range(30):
        served(f"Erle {number}", (codes["Anna"], -9, None))
    with django_assert_num_queries(5):  # savepoint, which ones, lock, hand over, release
        actions.transfer(codes["Anna"], codes["Bernd"], TODAY, actor=people["Frieda"], at=AT)


def test_nobody_takes_over_from_themselves(people, codes, customer):
    with pytest.raises(ValidationError) as refused:
        actions.transfer(codes["Anna"], codes["Anna"], TODAY, actor=people["Frieda"], at=AT)
    assert "to" in refused.value.message_dict


@pytest.mark.parametrize("starts", [-5, 0, 5])
@pytest.mark.parametrize("several", [False, True])
def test_both_walls_let_a_sales_lead_give_away_what_she_then_knows_no_more(
    people, codes, several, starts
):
    customer = served("Birke", (codes["Anna"], -9, None), (codes["Anna"], 0, None))
    greta = people["Greta"]
    with as_the_site(greta):
        if several:
            assert actions.transfer(codes["Anna"], codes["Bernd"], day(starts), actor=greta, at=AT)
        else:
            actions.assign(customer, codes["Bernd"], day(starts), actor=greta, at=AT)
    assert knows(people["Bernd"], customer) == (starts <= 0)
    assert knows(greta, customer) == (starts > 0)


def test_an_account_linked_to_a_code_knows_its_customers_until_it_is_unlinked(people, codes):
    customer, hanno = served("Birke", (codes["Carl"], -9, None)), people["Hanno"]
    assert not knows(hanno, customer)
    actions.link(codes["Carl"], hanno, actor=people["Frieda"], at=AT)
    assert knows(hanno, customer)
    actions.link(codes["Carl"], hanno, actor=people["Frieda"], at=AT)
    actions.unlink(Representative.objects.get(code="C"), actor=people["Frieda"], at=AT)
    assert not knows(hanno, customer)
    assert record(customer) == {("Carl", -9, None)}


def test_a_code_has_one_account_and_an_account_one_code(people, codes):
    for code, name in (("Bernd", "Hanno"), ("Carl", "Bernd")):
        with pytest.raises(Refused):
            actions.link(codes[code], people[name], actor=people["Frieda"], at=AT)
    linked = Representative.objects.exclude(user=None).values_list("name", "user__name")
    assert set(linked) == {("Anna", "Anna"), ("Bernd", "Bernd")}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_only_who_keeps_the_people_links_codes(people, codes, role):
    actor = User(pk=people["Greta"].pk, role=role)
    with pytest.raises(Forbidden):
        actions.link(codes["Carl"], people["Hanno"], actor=actor, at=AT)
    with pytest.raises(Forbidden):
        actions.unlink(codes["Anna"], actor=actor, at=AT)
