"""What happens with customers is recorded, read and withdrawn on pages."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from kundenstamm.care.models import Interaction
from kundenstamm.customers.models import Contact, Customer
from kundenstamm.guard.models import Role, User
from kundenstamm.kit.months import Month
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.ledger.models import EntryKind
from kundenstamm.serving.actions import allocate, enter_activity_type, enter_pool_month
from kundenstamm.serving.models import Activity

AT = timezone.now()
TODAY = timezone.localdate(AT)


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def customer(frieda):
    return Customer.objects.create(number="K1", name="Bäcker Ahorn", created_at=AT)


@pytest.fixture
def people(customer, serving):
    return serving(customer)


@pytest.fixture
def send(signed_in, customer):
    def sending(**told):
        form = {"kind": "call", "direction": "we", "reached": "on", "day": TODAY.isoformat(),
                "note": "Fragt nach Preisen"}  # fmt: skip
        address = reverse("record-interaction", args=[customer.key])
        return signed_in.post(address, form | told)

    return sending


def test_what_is_sent_stands_on_the_customers_page(send, signed_in, customer, frieda):
    contact = Contact.objects.create(customer=customer, name="Frau Ahorn")
    answer = send(minutes="7,5", contact=str(contact.key))
    assert answer["Location"] == reverse("customer", args=[customer.key]) + "#care"
    made = Interaction.objects.get()
    assert (made.kind, made.direction, made.reached, made.minutes) == ("call", "we", True, 7.5)
    assert (made.contact, made.author, made.day) == (contact, frieda, TODAY)
    page = signed_in.get(reverse("customer", args=[customer.key])).content.decode()
    assert "Fragt nach Preisen" in page
    assert "Frau Ahorn" in page


def test_the_form_needs_no_script_to_fit_the_kind(send):
    """What does not belong to a kind is left out, although the field was there."""
    send(kind="visit")
    send(kind="note", reached="on")
    found = {each.kind: (each.direction, each.reached) for each in Interaction.objects.all()}
    assert found == {"visit": ("", True), "note": ("", False)}


def test_a_day_without_a_time_is_that_day(send):
    yesterday = TODAY - timedelta(days=1)
    send(day=yesterday.isoformat())
    made = Interaction.objects.get()
    assert (made.day, timezone.localtime(made.happened_at).hour) == (yesterday, 12)
    send(day=yesterday.isoformat(), time="08:15")
    assert timezone.localtime(Interaction.objects.latest("pk").happened_at).hour == 8


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "party"}, "kind"), ({"kind": "note", "note": " "}, "note"),
        ({"minutes": "1441"}, "minutes"), ({"kind": "note", "minutes": "5"}, "minutes"),
        ({"direction": "quer"}, "direction"), ({"direction": ""}, "direction"),
        ({"day": ""}, "day"), ({"time": "nachts"}, "time"),
        ({"contact": "x"}, "contact"), ({"contact": "x\0"}, "contact"),
        ({"day": (TODAY + timedelta(days=1)).isoformat()}, "day"),
    ],
)  # fmt: skip
def test_what_cannot_be_comes_back_at_its_field(send, wrong, field):
    answer = send(**wrong)
    assert answer.status_code == 200
    assert field in answer.context["happened"]["form"].errors
    assert answer.context["happened"]["open"]
    assert not Interaction.objects.exists()


def test_another_customers_contact_is_none_of_the_choices(send):
    other = Customer.objects.create(number="K2", name="Andere", created_at=AT)
    contact = Contact.objects.create(customer=other, name="Herr Birke")
    answer = send(contact=str(contact.key))
    assert "contact" in answer.context["happened"]["form"].errors
    assert "Herr Birke" not in answer.content.decode()


@pytest.mark.parametrize("role", [Role.OWNER, Role.CONTROLLER, Role.DATA_PROTECTION])
def test_who_reads_notes_and_who_sees_that_there_is_one(send, client, customer, role):
    send(minutes="7")
    person = User.objects.create(email="x@example.com", name="X", role=role, created_at=AT)
    client.force_login(person)
    for route in ("customer", "interactions"):
        page = client.get(reverse(route, args=[customer.key]))
        body, reads = page.content.decode(), role == Role.OWNER
        assert ("Fragt nach Preisen" in body) is reads, route
        assert ("•••" in body) is not reads or route == "customer"
        assert "7 min" in body
        if route == "customer":
            assert (page.context["happened"]["form"] is not None) is reads
    answer = client.post(reverse("record-interaction", args=[customer.key]), {"kind": "note"})
    assert answer.status_code == (200 if role == Role.OWNER else 403)


@pytest.mark.parametrize(("who", "status"), [("Anna", 302), ("Hanno", 302), ("Bernd", 404)])
def test_representative_and_service_record_with_their_customers(
    people, client, customer, who, status
):
    client.force_login(people[who])
    form = {"kind": "support", "day": TODAY.isoformat(), "note": "Hilfe"}
    answer = client.post(reverse("record-interaction", args=[customer.key]), form)
    assert answer.status_code == status
    assert Interaction.objects.count() == (status == 302)


def test_the_newest_stand_on_the_card_and_all_on_their_page(send, signed_in, customer):
    for n in range(27):
        send(kind="note", day=(TODAY - timedelta(days=n)).isoformat(), note=f"Notiz Nr. {n};")
    page = signed_in.get(reverse("customer", args=[customer.key]))
    newest = page.context["happened"]["line"]["rows"]
    assert [row.recorded.note for row in newest] == [f"Notiz Nr. {n};" for n in range(8)]
    here = reverse("interactions", args=[customer.key])
    fifth = newest[4].recorded.of.key
    earlier = signed_in.get(f"{here}?before={fifth}")
    assert [row.note for row in earlier.context["rows"]] == [
        f"Notiz Nr. {n};" for n in range(5, 27)
    ]
    assert (earlier.context["before"], earlier.context["later"]) == (None, True)
    assert len(signed_in.get(here).context["rows"]) == 25


@pytest.mark.parametrize("before", ["x", "00000000-0000-4000-8000-000000000000"])
def test_earlier_than_nothing_is_not_found(signed_in, customer, before):
    here = reverse("interactions", args=[customer.key])
    assert signed_in.get(f"{here}?before={before}").status_code == 404


def test_what_was_wrong_is_withdrawn_with_a_reason(send, signed_in, customer):
    send()
    made = Interaction.objects.get()
    address = reverse("withdraw-interaction", args=[customer.key, made.key])
    signed_in.post(address, {"because": " "})
    made.refresh_from_db()
    assert not made.withdrawn
    signed_in.post(address, {"because": "Falscher Kunde"}, follow=True)
    made.refresh_from_db()
    assert made.withdrawn_because == "Falscher Kunde"
    again = signed_in.post(address, {"because": "Noch einmal"}, follow=True)
    assert "schon zurückgezogen" in again.content.decode()
    page = signed_in.get(reverse("customer", args=[customer.key]))
    assert page.context["happened"]["line"]["rows"] == []
    all_of_it = signed_in.get(reverse("interactions", args=[customer.key])).content.decode()
    assert "Falscher Kunde" in all_of_it


def test_the_row_leads_to_its_activity_and_back(send, signed_in, customer, frieda):
    """Once its month has been allocated."""
    month, by = Month.of(TODAY), {"actor": frieda, "at": AT}
    pool = enter_pool_month("Büro", month, Decimal(1000), Decimal(1250), **by).pool
    way = {"derived_from": "calls"}
    enter_activity_type("call", pool, EntryKind.SUPPORT, Decimal(10), name="Telefonat", **way, **by)
    send(minutes="12")
    made, own = Interaction.objects.get(), reverse("customer", args=[customer.key])
    assert signed_in.get(own).context["happened"]["line"]["rows"][0].recorded.activity is None
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")  # as the worker does it
    allocate(month, **by)
    activity = Activity.objects.get()
    address = reverse("activity", args=[customer.key, activity.pk])
    assert address in signed_in.get(own).content.decode()
    there = reverse("interactions", args=[customer.key]) + f"?at={made.key}"
    page = signed_in.get(address)
    assert there in page.content.decode()
    assert page.context["work"].cost == 12
    assert [row.of for row in signed_in.get(there).context["rows"]] == [made]


def test_others_withdraw_only_if_they_are_responsible(send, customer, people, client):
    send()
    made = Interaction.objects.get()
    client.force_login(people["Anna"])
    page = client.get(reverse("interactions", args=[customer.key]))
    assert page.context["rows"][0].withdraw is None
    address = reverse("withdraw-interaction", args=[customer.key, made.key])
    assert client.post(address, {"because": "so"}).status_code == 403
    client.force_login(people["Bernd"])
    assert client.post(address, {"because": "so"}).status_code == 404
