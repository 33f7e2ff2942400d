"""Whom one speaks with: who has objected is not proposed, and who goes has a successor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kundenstamm.customers.contacts import Contact, Objection, Role
from kundenstamm.customers.speaking import (
    contacts_at,
    leaves_in_peace,
    partner,
    successor,
)
from kundenstamm.customers.tests.conftest import AT, as_the_site, served

ALL, ADVERTISING = Objection.ALL, Objection.ADVERTISING


def somebody(pk, objection="", roles=(), **told):
    return Contact(pk=pk, name=f"N{pk}", objection=objection, roles=list(roles), **told)


people = st.builds(
    somebody,
    st.integers(1, 9),
    st.sampled_from(["", *Objection.values]),
    st.sets(st.sampled_from(Role.values)),
    withdrawn_at=st.sampled_from([None, AT]),
)


@pytest.mark.parametrize(
    ("objections", "asked_us", "objects", "instead"),
    [
        ([], False, None, None),
        (["", ALL], False, None, None),
        ([ADVERTISING], True, None, None),
        ([ADVERTISING], False, 1, None),
        ([ALL], True, 1, None),
        ([ADVERTISING, ALL, ""], False, 1, 3),
        ([ALL, ADVERTISING, ""], True, 1, 2),
        ([ALL, ADVERTISING], False, 1, None),
    ],
)
def test_the_one_who_objected_is_left_in_peace(objections, asked_us, objects, instead):
    found = partner(
        [somebody(number, each) for number, each in enumerate(objections, 1)], asked_us=asked_us
    )
    told = (None, None) if found is None else (found.objects.pk, found.instead and found.instead.pk)
    assert told == (objects, instead)


@given(st.lists(people), st.booleans())
def test_nobody_is_named_who_has_forbidden_it(contacts, asked_us):
    found = partner(contacts, asked_us=asked_us)
    if found is not None:
        assert leaves_in_peace(found.objects, asked_us=asked_us)
        assert found.instead is None or not leaves_in_peace(found.instead, asked_us=asked_us)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], None),
        ([somebody(2), somebody(3, roles=["buyer"])], 3),
        ([somebody(2, roles=["user"]), somebody(3, roles=["decider"])], 3),
        ([somebody(2, ALL, ["buyer"]), somebody(3, ADVERTISING), somebody(4)], 4),
        ([somebody(2, ALL, ["buyer"]), somebody(3, ADVERTISING)], 3),
        ([somebody(3), somebody(2)], 2),
        ([somebody(2, withdrawn_at=AT), somebody(1), somebody(3)], 3),
    ],
)
def test_the_successor_has_the_same_part_and_may_be_contacted(others, expected):
    found = successor(somebody(1, roles=["buyer"]), others)
    assert (found and found.pk) == expected


@given(people, st.lists(people))
def test_a_successor_is_another_one_who_stands_and_objects_least(leaves, others):
    found = successor(leaves, others)
    left = [each for each in others if each.pk != leaves.pk and not each.withdrawn]
    assert (found is None) == (not left)
    if found is not None:
        assert found in left
        assert not found.objection or all(each.objection for each in left)


@pytest.mark.django_db
def test_contacts_come_main_one_first_of_known_customers_only(codes, people):
    own, foreign = (served(who, (codes[who], -9, None)) for who in ("Anna", "Bernd"))
    for customer in (own, foreign):
        Contact.objects.create(customer=customer, name="Aal")
        Contact.objects.create(customer=customer, name="Zander", is_main=True)
        Contact.objects.create(
            customer=customer, name="Weg", withdrawn_at=AT, withdrawn_by=people["Anna"]
        )
    with as_the_site(people["Anna"]):
        found = contacts_at(people["Anna"], [own.pk, foreign.pk])
    assert {of: [each.name for each in each_of] for of, each_of in found.items()} == {
        own.pk: ["Zander", "Aal"]
    }
