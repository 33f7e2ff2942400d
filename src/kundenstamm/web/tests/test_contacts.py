"""The pages of contacts: who sees what, who keeps them, and what becomes of what is sent."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from kundenstamm.care.models import Survey
from kundenstamm.care.survey_mailing import send as send_survey
from kundenstamm.customers.contact_actions import remove
from kundenstamm.customers.models import Contact, Customer
from kundenstamm.guard.models import Role, User
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.web.care.survey_forms import AskForm

AT = timezone.now()
SAID = {
    "name": "Frau Ahorn", "function": "Leitung Einkauf", "roles": ["decider", "buyer"],
    "phone": "030 23125 001", "email": "ahorn@example.com", "preferred_way": "phone",
    "best_time": "nach 15 Uhr", "salutation": "Liebe Frau Ahorn", "language": "de",
    "objection": "advertising", "mention": "Rudert im Verein",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def customer(frieda):
    return Customer.objects.create(number="K1", name="Bäcker Ahorn", created_at=AT)


@pytest.fixture
def send(signed_in, customer):
    def sending(**told):
        return signed_in.post(reverse("add-contact", args=[customer.key]), SAID | told)

    return sending


def test_what_is_sent_stands_on_the_customers_page(send, signed_in, customer):
    assert send()["Location"] == reverse("contacts", args=[customer.key])
    for route in ("customer", "contacts"):
        page = signed_in.get(reverse(route, args=[customer.key])).content.decode()
        for said in ("Frau Ahorn", "Leitung Einkauf", "Entscheider", "Keine Werbung",
                     "nach 15 Uhr", "Rudert im Verein", "Liebe Frau Ahorn"):  # fmt: skip
            assert said in page, (route, said)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "", "phone": "", "email": ""}, "name"), ({"email": "falsch"}, "email"),
        ({"roles": ["king"]}, "roles"), ({"mention": "x" * 2001}, "mention"),
        ({"mention": "a\0"}, "mention"),
    ],
)  # fmt: skip
def test_what_cannot_be_comes_back_at_its_field(send, wrong, field):
    answer = send(**wrong)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Contact.objects.exists()


def test_one_is_changed_removed_and_put_back(send, signed_in, customer):
    send()
    send(name="Herr Birke", email="birke@example.com")
    ahorn, birke = Contact.objects.order_by("pk")
    page = signed_in.get(reverse("contact", args=[ahorn.key]))
    assert page.context["form"].initial["mention"] == "Rudert im Verein"
    signed_in.post(reverse("contact", args=[ahorn.key]), SAID | {"mention": "Segelt"})
    ahorn.refresh_from_db()
    assert ahorn.open("mention") == "Segelt"
    signed_in.post(reverse("make-main-contact", args=[birke.key]))
    signed_in.post(reverse("remove-contact", args=[ahorn.key]))
    own = signed_in.get(reverse("customer", args=[customer.key]))
    assert [each["contact"].name for each in own.context["contacts"]] == ["Herr Birke"]
    assert "Frau Ahorn" not in str(own.context["happened"]["form"]["contact"])
    everybody = signed_in.get(reverse("contacts", args=[customer.key])).content.decode()
    assert "Frau Ahorn" in everybody
    refused = signed_in.post(reverse("contact", args=[ahorn.key]), SAID)
    assert "entfernt" in refused.content.decode()
    signed_in.post(reverse("put-back-contact", args=[ahorn.key]))
    ahorn.refresh_from_db()
    assert (ahorn.withdrawn, ahorn.is_main) == (False, False)


def test_who_must_not_be_contacted_is_called_so_where_one_records(send, signed_in, customer):
    send(objection="all")
    page = signed_in.get(reverse("customer", args=[customer.key]))
    assert "Frau Ahorn – Nicht kontaktieren" in str(page.context["happened"]["form"]["contact"])


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.DATA_PROTECTION])
def test_others_see_masks_and_ask_with_a_reason(send, client, customer, role):
    send()
    held = Contact.objects.get()
    person = User.objects.create(email="x@example.com", name="X", role=role, created_at=AT)
    client.force_login(person)
    for route in ("customer", "contacts"):
        page = client.get(reverse(route, args=[customer.key])).content.decode()
        assert "Rudert" not in page
        assert "15 Uhr" not in page
        assert reverse("reveal-contact", args=[held.key, "mention"]) in page
    for route in ("contact", "remove-contact", "make-main-contact", "put-back-contact"):
        assert client.post(reverse(route, args=[held.key]), SAID).status_code == 403
    assert client.post(reverse("add-contact", args=[customer.key]), SAID).status_code == 403
    shown = client.post(
        reverse("reveal-contact", args=[held.key, "mention"]), {"reason": "subject"}
    )
    assert "Rudert im Verein" in shown.content.decode()


def test_whose_customer_it_is_not_finds_nothing(send, serving, client, customer):
    send()
    held, people = Contact.objects.get(), serving(customer)
    client.force_login(people["Bernd"])
    assert client.get(reverse("contacts", args=[customer.key])).status_code == 404
    assert client.get(reverse("contact", args=[held.key])).status_code == 404
    assert client.post(reverse("remove-contact", args=[held.key])).status_code == 404
    client.force_login(people["Anna"])
    assert client.get(reverse("contact", args=[held.key])).status_code == 200


def test_who_objected_or_was_removed_is_not_asked_about_satisfaction(send, frieda, customer):
    for name, more in (("Eins", {"objection": ""}), ("Zwei", {}), ("Drei", {"objection": ""})):
        send(name=name, **more)
    remove(Contact.objects.get(name="Drei"), actor=frieda, at=AT)
    offered = AskForm(frieda, customer).fields["contact"].queryset
    assert [each.name for each in offered] == ["Eins"]
    zwei = Contact.objects.get(name="Zwei")
    survey = Survey(customer=customer, contact=zwei, language="de")
    with pytest.raises(ValidationError, match="untersagt"):
        send_survey(survey, "https://x.example/", actor=frieda, at=AT)


def test_whoever_removes_the_main_contact_is_proposed_a_successor(send, signed_in, customer):
    send()
    send(name="Herr Eibe", objection="", roles=["user"])
    send(name="Herr Birke", objection="", roles=["buyer"])
    ahorn, eibe, birke = Contact.objects.order_by("pk")
    page = signed_in.get(reverse("contacts", args=[customer.key]))
    assert page.context["proposed"] == birke
    assert f'<option value="{birke.key}" selected>' in page.content.decode()
    gone = signed_in.post(
        reverse("remove-contact", args=[ahorn.key]), {"successor": eibe.key}, follow=True
    )
    assert "Hauptansprechpartner ab jetzt: Herr Eibe." in gone.content.decode()
    assert Contact.objects.get(is_main=True) == eibe
    without = signed_in.post(
        reverse("remove-contact", args=[eibe.key]), {"successor": ""}, follow=True
    )
    assert "Niemand ist Hauptansprechpartner. Vorschlag: Herr Birke." in without.content.decode()


def test_a_successor_must_be_known(send, signed_in):
    send()
    ahorn = Contact.objects.get()
    for wrong in ("x", "00000000-0000-4000-8000-000000000000"):
        answer = signed_in.post(reverse("remove-contact", args=[ahorn.key]), {"successor": wrong})
        assert answer.status_code == 404
    assert not Contact.objects.get().withdrawn
