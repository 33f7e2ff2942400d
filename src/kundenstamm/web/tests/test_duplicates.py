"""Pairs, a pair side by side, merging and undoing, as requests behind both walls."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from kundenstamm.customers import jobs, matching, moving
from kundenstamm.customers.models import Assignment, Contact, Customer, Duplicate, Merge
from kundenstamm.importers.models import ImportJob
from kundenstamm.kit.postgres.roles import APP


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def ahorn(db):
    return make("1", "Ahorn Sanitär GmbH")


@pytest.fixture
def again(ahorn):
    return make("2", "AHORN SANITAER")


def make(number, name):
    made = Customer.objects.create(
        number=number, name=name, city="Hamburg", created_at=timezone.now()
    )
    contact = Contact(customer=made, name="Frau Ahorn", is_main=True)
    contact.put("phone", "040 123456")
    contact.save()
    return made


@pytest.fixture
def people(ahorn, again, serving):
    """Anna serves the first one only."""
    return serving(ahorn)


@pytest.fixture
def as_(client, people, frieda):
    matching.find(actor=frieda, at=timezone.now())

    def signed(name):
        client.force_login(frieda if name == "Frieda" else people[name])
        client.cookies["django_language"] = "en"
        return client

    return signed


@pytest.fixture
def works(monkeypatch):
    """The worker beside the site: what was deferred is done at once; nothing is valued."""
    monkeypatch.setattr(moving, "work_out_anew", lambda actor, at: None)

    def work():
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        at = timezone.now().isoformat()
        for each in Merge.objects.filter(state=Merge.State.WAITING):
            jobs.merge(each.pk, at)
        for each in Merge.objects.filter(state=Merge.State.UNDOING):
            jobs.undo(each.pk, at)

    return work


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_found_compared_merged_and_undone(as_, ahorn, again, works):
    frieda = as_("Frieda")
    page = text(frieda.get(reverse("duplicates")))
    assert "same phone, same place, same name" in page
    pair = reverse("duplicate", args=[ahorn.key, again.key])
    assert pair in page
    assert pair in text(frieda.get(reverse("customer", args=[ahorn.key])))
    compared = text(frieda.get(pair))
    assert "AHORN SANITAER" in compared
    assert "Contacts" in compared
    frieda.post(reverse("merge", args=[ahorn.key, again.key]))
    assert "Waiting" in text(frieda.get(reverse("duplicates")))
    works()
    page = text(frieda.get(reverse("duplicates")))
    assert "AHORN SANITAER →" in page
    assert ahorn.contacts.count() == 2
    old = frieda.get(reverse("timeline", args=[again.key]))
    assert (old.status_code, old.url) == (302, reverse("timeline", args=[ahorn.key]))
    frieda.post(reverse("undo-merge", args=[Merge.objects.get().key]))
    works()
    assert ahorn.contacts.count() == again.contacts.count() == 1
    assert frieda.get(reverse("customer", args=[again.key])).status_code == 200


def test_who_knows_one_of_them_sees_neither_pair_nor_the_old_address(as_, ahorn, again, works):
    anna, pair = as_("Anna"), Duplicate.objects.get()
    assert "AHORN SANITAER" not in text(anna.get(reverse("duplicates")))
    assert anna.get(reverse("duplicate", args=[ahorn.key, again.key])).status_code == 404
    assert anna.post(reverse("merge", args=[ahorn.key, again.key])).status_code == 404
    assert anna.post(reverse("keep-apart", args=[pair.pk])).status_code == 404
    for name in ("Bernd", "Hanno"):
        client = as_(name)
        page = client.get(reverse("duplicates"))
        assert b"Ahorn" not in page.content


def test_the_old_address_leads_only_who_may_know(as_, ahorn, again, works):
    as_("Frieda").post(reverse("merge", args=[ahorn.key, again.key]))
    works()
    old = reverse("customer", args=[again.key])
    assert as_("Anna").get(old).url == reverse("customer", args=[ahorn.key])
    assert as_("Bernd").get(old).status_code == 404


def test_own_customers_are_merged_by_who_serves_both_alone(as_, ahorn, again, works):
    served = Assignment.objects.get()
    Assignment.objects.create(
        customer=again, representative=served.representative, starts=served.starts
    )
    anna = as_("Anna")
    anna.post(reverse("merge", args=[again.key, ahorn.key]))
    works()
    ahorn.refresh_from_db()
    assert ahorn.merged_into == again


def test_not_the_same(as_, ahorn, again):
    frieda, pair = as_("Frieda"), Duplicate.objects.get()
    frieda.post(reverse("keep-apart", args=[pair.pk]))
    page = text(frieda.get(reverse("duplicates")))
    assert "Nobody looks like somebody else" in page
    assert "Look again" in page
    frieda.post(reverse("keep-apart", args=[pair.pk]), {"again": "1"})
    assert "same phone" in text(frieda.get(reverse("duplicates")))


def test_one_confidential_and_one_not(as_, ahorn, again):
    ahorn.grants.create(
        person_id=as_("Frieda").session["_auth_user_id"], kind="open", reason="x",
        given_by_id=as_("Frieda").session["_auth_user_id"], starts_at=ahorn.created_at,
    )  # fmt: skip
    Customer.objects.filter(pk=ahorn.pk).update(confidential=True)
    frieda = as_("Frieda")
    assert "One of them is confidential" in text(
        frieda.get(reverse("duplicate", args=[ahorn.key, again.key]))
    )
    frieda.post(reverse("merge", args=[ahorn.key, again.key]))
    assert not Merge.objects.exists()


def test_a_file_is_compared_before_it_is_loaded(as_, tmp_path):
    path = tmp_path / "messe.csv"
    path.write_text(
        "Firma;Ort;Telefon\nAhorn Sanitär;Hamburg;+49 40 123456\nZeder;Köln;\n", "utf-8"
    )
    frieda = as_("Frieda")
    with path.open("rb") as file:
        frieda.post(reverse("imports"), {"file": file, "source": "Messe"})
    outlook = text(frieda.get(reverse("import-outlook", args=[ImportJob.objects.get().key])))
    assert "1 row looks like a customer you have" in outlook
    assert "same phone, same place, same name" in outlook
