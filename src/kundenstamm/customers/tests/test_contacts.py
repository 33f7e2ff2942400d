"""Contacts are sealed: plain text goes in and comes out by asking, and by no other way."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kundenstamm.customers.models import Contact, Customer
from kundenstamm.customers.queries import reached_at
from kundenstamm.guard import keys
from kundenstamm.guard.sealed import NotOpened

pytestmark = pytest.mark.django_db


def contact(number, email="", phone=""):
    customer = Customer.objects.create(number=number, name=number, created_at=timezone.now())
    made = Contact(customer=customer, name=f"Frau {number}")
    made.put("email", email)
    made.put("phone", phone)
    made.save()
    return made


@pytest.mark.parametrize("text", ["anna@example.com", "", "ä" * 254, " +49 30 "])
def test_what_is_put_in_comes_out(text):
    made = Contact.objects.get(pk=contact("1", email=text).pk)
    assert made.open("email") == text
    assert bool(made.email_index) == bool(text)
    assert not text or text not in repr(vars(made))


def test_a_plain_value_is_refused_by_the_table():
    made = contact("1")
    for name in ("email", "phone"):
        with pytest.raises(IntegrityError, match=f"contact_{name}_is_sealed"), transaction.atomic():
            Contact.objects.filter(pk=made.pk).update(**{name: "anna@example.com"})


def test_a_value_copied_to_another_row_does_not_open():
    one, other = contact("1", email="anna@example.com"), contact("2")
    Contact.objects.filter(pk=other.pk).update(email=one.email, email_index=one.email_index)
    other.refresh_from_db()
    with pytest.raises(NotOpened, match="import it anew"):
        other.open("email")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("anna@example.com", ["1", "2"]),
        (" ANNA@Example.com", ["1", "2"]),
        ("nna@example.com", []),
        ("anna@example", []),
        ("030 23125 001", ["1"]),
        ("+49 (0)30/23125-001", ["1"]),
        ("0049 3023125001", ["1"]),
        ("23125 001", []),
        ("12345", []),
    ],
)
def test_whole_addresses_and_numbers_find_their_customers(frieda, typed, found):
    contact("1", "anna@example.com", "030/23125-001")
    contact("2", "Anna@example.com")
    contact("3", "bernd@example.com", "12345")
    ids = reached_at(frieda, typed)
    assert sorted(Customer.objects.filter(pk__in=ids).values_list("number", flat=True)) == found
    assert reached_at(None, typed) == []


def test_a_value_under_an_older_key_is_found_too(own_ring, frieda):
    contact("1", "anna@example.com")
    keys.add_key(at=timezone.now())
    contact("2", "anna@example.com")
    assert len(reached_at(frieda, "anna@example.com")) == 2
