"""Keys are rotated while people work, may be interrupted, and are forgotten only when unused."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kundenstamm.customers.models import Contact, Customer
from kundenstamm.guard import keys, rotating
from kundenstamm.guard.models import Role, User
from kundenstamm.guard.rotating import ForgetRefused, counted

pytestmark = pytest.mark.django_db
AT = timezone.now()
MANY = 7
FRIEDA = User(name="Frieda", role=Role.OWNER)


def rotate(**how):
    return rotating.rotate(actor=FRIEDA, at=AT, **how)


def forget(name):
    rotating.forget(name, actor=FRIEDA, at=AT)


def forget_lost(name):
    return rotating.forget_lost(name, actor=FRIEDA, at=AT)


@pytest.fixture(autouse=True)
def _few_at_a_time(monkeypatch):
    monkeypatch.setattr(rotating, "BATCH", 3)


@pytest.fixture
def contacts(own_ring):
    made = []
    for n in range(MANY):
        customer = Customer.objects.create(number=str(n), name=f"Bäcker {n}", created_at=AT)
        contact = Contact(customer=customer)
        contact.put("email", f"kontakt{n}@example.com")
        contact.save()
        made.append(contact)
    return made


def mails():
    return [each.open("email") for each in Contact.objects.order_by("pk")]


EXPECTED = [f"kontakt{n}@example.com" for n in range(MANY)]


def test_everything_is_sealed_anew_and_opens(contacts):
    told = []
    done = rotate(progress=told.append)
    assert (done.key, done.is_new, done.values, done.unopened) == ("k2", True, MANY, [])
    assert told == [3, 3, 1]
    assert counted() == {"k2": MANY}
    assert mails() == EXPECTED
    assert all(each.email_index.startswith("k2.") for each in Contact.objects.all())
    assert rotate().key == "k3"


def test_what_was_interrupted_goes_on_with_the_same_key(contacts):
    def cut(_values):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(progress=cut)
    assert counted() == {"k1": MANY - 3, "k2": 3}
    assert mails() == EXPECTED
    done = rotate()
    assert (done.key, done.is_new, done.values) == ("k2", False, MANY - 3)
    assert counted() == {"k2": MANY}
    assert mails() == EXPECTED


def test_what_somebody_changes_meanwhile_stays(contacts, monkeypatch):
    """Between reading and replacing: a newer value, and one sealed with the old key still."""
    replace = rotating._replace

    def meanwhile(holding, fresh):
        if any(pk == contacts[0].pk for pk, *_rest in fresh):
            contacts[0].put("email", "neu@example.com")
            contacts[0].save()
            Contact.objects.filter(pk=contacts[1].pk).update(email="", email_index="")
        return replace(holding, fresh)

    monkeypatch.setattr(rotating, "_replace", meanwhile)
    rotate()
    assert mails() == ["neu@example.com", "", *EXPECTED[2:]]


def test_a_late_value_under_the_old_key_opens_and_is_taken_by_the_next_run(contacts, monkeypatch):
    old = keys.ring()
    rotate()
    with monkeypatch.context() as patch:
        patch.setattr(keys, "ring", lambda: old)
        contacts[0].put("email", "spät@example.com")
        contacts[0].save()
    assert mails() == ["spät@example.com", *EXPECTED[1:]]
    with pytest.raises(ForgetRefused, match=r"1 values are sealed with k1"):
        forget("k1")
    assert rotate().values == 1
    forget("k1")
    assert mails() == ["spät@example.com", *EXPECTED[1:]]
    assert list(keys.ring().keys) == ["k2"]


@pytest.mark.parametrize(("name", "why"), [("k1", "current"), ("k9", "no key"), ("", "no key")])
def test_the_current_key_is_not_forgotten(contacts, name, why):
    with pytest.raises(ForgetRefused, match=why):
        forget(name)


def test_a_value_that_does_not_open_is_told_and_left(contacts):
    broken = contacts[2].email[:-6] + "AAAAAA"
    Contact.objects.filter(pk=contacts[2].pk).update(email=broken)
    done = rotate()
    assert done.values == MANY - 1
    assert done.unopened == [f"customers_contact.email, id {contacts[2].pk}"]
    assert Contact.objects.get(pk=contacts[2].pk).email == broken
    assert rotate().key == "k3"  # and does not stand in the way of the next key


def test_without_the_ring_nothing_is_changed(contacts, own_ring):
    before = list(Contact.objects.order_by("pk").values_list("email", flat=True))
    whole = own_ring.read_text()
    own_ring.unlink()
    with pytest.raises(keys.KeysRefused, match="is missing"):
        rotate()
    keys.make(at=AT)
    own_ring.write_text(own_ring.read_text().replace("k1", "k5"))
    with pytest.raises(keys.KeysRefused, match="sealed with k1"):
        rotate()
    assert list(Contact.objects.order_by("pk").values_list("email", flat=True)) == before
    own_ring.write_text(whole)
    assert mails() == EXPECTED


def test_a_ring_lost_for_good_is_gone_on_without(contacts, own_ring):
    with pytest.raises(ForgetRefused, match="not lost"):
        forget_lost("k1")
    own_ring.unlink()
    assert forget_lost("k1") == MANY
    keys.prepare(at=AT)
    assert mails() == [""] * MANY
    contacts[0].put("email", "neu@example.com")
    contacts[0].save()
    assert mails()[0] == "neu@example.com"
