"""Contacts are entered, changed, made the main one, removed and put back, by who keeps them."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from kundenstamm.customers.contact_actions import About, add, change, make_main, put_back, remove
from kundenstamm.customers.models import Contact
from kundenstamm.customers.revealing import contacts_of
from kundenstamm.customers.tests.conftest import AT, as_the_site, served
from kundenstamm.guard.rights import Forbidden

pytestmark = pytest.mark.django_db
AHORN = About(
    name="Frau Ahorn", function="Leitung Einkauf", roles=["buyer", "decider"],
    email="a@example.com", phone="030 23125 001", salutation="Liebe Frau Ahorn", language="de",
    preferred_way="phone",
    best_time="nach 15 Uhr", mention="Rudert\n\nWartet auf den Katalog",
)  # fmt: skip


@pytest.fixture
def anna(people):
    return {"actor": people["Anna"], "at": AT}


def test_what_is_entered_is_kept_and_what_is_personal_is_sealed(customer, people, anna):
    with as_the_site(people["Anna"]):
        made = add(customer, AHORN, **anna)
    made = Contact.objects.get(pk=made.pk)
    assert {name: made.open(name) for name in Contact.sealed_fields} == {
        "email": "a@example.com", "phone": "030 23125 001", "best_time": "nach 15 Uhr",
        "mention": "Rudert\n\nWartet auf den Katalog",
    }  # fmt: skip
    assert made.roles == ["decider", "buyer"]  # in the order of the table
    assert (made.is_main, made.edited_at, made.withdrawn) == (True, AT, False)
    assert "Rudert" not in repr(vars(made))


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"name": " ", "email": "", "phone": ""}, "name"),
        ({"roles": ["king"]}, None),
        ({"language": "xx"}, "language"), ({"preferred_way": "pigeon"}, "preferred_way"),
        ({"objection": "maybe"}, "objection"), ({"function": "x" * 101}, "function"),
    ],
)  # fmt: skip
def test_what_says_nothing_or_is_unknown_is_refused(customer, anna, wrong, at):
    """A part that nobody knows is left out: the form offers none."""
    about = About(**{"name": "Frau Ahorn"} | wrong)
    if at is None:
        assert add(customer, about, **anna).roles == []
        return
    with pytest.raises(ValidationError) as refused:
        add(customer, about, **anna)
    assert at in refused.value.error_dict
    assert not Contact.objects.exists()


def test_what_is_not_said_of_a_sealed_field_stays(customer, anna):
    made = add(customer, AHORN, **anna)
    sealed = made.mention
    changed = change(
        made, About(name="Frau Ahorn", mention=None, phone="", email="neu@x.de"), **anna
    )
    assert (changed.mention, changed.phone, changed.phone_index) == (sealed, "", "")
    assert (changed.open("email"), changed.roles) == ("neu@x.de", [])


def test_the_same_text_is_not_sealed_anew(customer, anna):
    made = add(customer, AHORN, **anna)
    before = (made.email, made.mention)
    changed = change(made, AHORN, **anna)
    assert (changed.email, changed.mention) == before


def test_there_is_one_main_contact(customer, anna):
    first, second = (add(customer, About(name=name), **anna) for name in ("Eins", "Zwei"))
    assert (first.is_main, second.is_main) == (True, False)
    make_main(second, **anna)
    assert [each.name for each in Contact.objects.filter(is_main=True)] == ["Zwei"]
    assert [each.name for each in contacts_of(anna["actor"], customer)] == ["Zwei", "Eins"]


def test_who_was_removed_stays_and_is_no_main_contact(customer, people, anna):
    first = add(customer, AHORN, **anna)
    remove(first, **anna)
    held = Contact.objects.get()
    assert (held.withdrawn_at, held.withdrawn_by, held.is_main) == (AT, people["Anna"], False)
    assert not contacts_of(people["Anna"], customer).standing().exists()
    for deed in (remove, make_main, lambda each, **by: change(each, AHORN, **by)):
        with pytest.raises(ValidationError, match="entfernt"):
            deed(first, **anna)
    put_back(first, **anna)
    held.refresh_from_db()
    assert (held.withdrawn, held.is_main) == (False, False)


def test_the_table_knows_the_parts_and_that_who_was_removed_is_not_main(customer, people, anna):
    made = add(customer, AHORN, **anna)
    for wrong in ({"roles": ["king"]}, {"withdrawn_at": AT},
                  {"withdrawn_at": AT, "withdrawn_by": people["Anna"]},
                  {"mention": "plain"}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Contact.objects.filter(pk=made.pk).update(**wrong)


@pytest.mark.parametrize("who", ["Bernd", "Doris", "Emil", "Ida"])
def test_others_keep_no_contacts(customer, people, anna, who):
    """Bernd does not know the customer; the others may not record."""
    made, by = add(customer, AHORN, **anna), {"actor": people[who], "at": AT}
    for deed in (
        lambda: add(customer, AHORN, **by), lambda: change(made, AHORN, **by),
        lambda: make_main(made, **by), lambda: remove(made, **by), lambda: put_back(made, **by),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            deed()


def test_who_takes_over_from_the_main_contact_is_it_in_the_same_moment(customer, people, anna):
    ahorn, birke = (add(customer, About(name=name), **anna) for name in ("Ahorn", "Birke"))
    with as_the_site(people["Anna"]):
        remove(ahorn, successor=birke, **anna)
    assert Contact.objects.get(is_main=True) == birke
    put_back(ahorn, **anna)
    remove(ahorn, successor=ahorn, **anna)  # was not the main one: nobody takes over
    assert Contact.objects.get(is_main=True) == birke


def test_nobody_takes_over_who_is_gone_or_elsewhere(customer, codes, anna):
    ahorn, birke = (add(customer, About(name=name), **anna) for name in ("Ahorn", "Birke"))
    elsewhere = add(served("Linde", (codes["Anna"], -9, None)), About(name="Linde"), **anna)
    remove(birke, **anna)
    for nobody in (birke, ahorn, elsewhere):
        with pytest.raises(ValidationError):
            remove(ahorn, successor=nobody, **anna)
    ahorn.refresh_from_db()
    assert (ahorn.is_main, ahorn.withdrawn) == (True, False)
