"""Masked fields: who sees the mask, who looks behind it, with which reason, and what is kept."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kundenstamm.customers.models import Assignment, Contact, Customer, Representative
from kundenstamm.guard import keys
from kundenstamm.guard.models import Role, Team, User
from kundenstamm.lifecycle.models import Estimate

AT = timezone.now()
MAIL, PHONE = "mueller@example.com", "+49 30 23125 012"
CAST = {
    "Anna": Role.REPRESENTATIVE, "Bernd": Role.REPRESENTATIVE, "Doris": Role.CONTROLLER,
    "Emil": Role.AUDITOR, "Frieda": Role.OWNER, "Hanno": Role.SERVICE, "Ida": Role.DATA_PROTECTION,
}  # fmt: skip
HTMX = {"HX-Request": "true"}


@pytest.fixture
def cast(frieda):
    others = {
        name: User.objects.create(
            email=f"{name.lower()}@example.org", name=name, role=role, created_at=AT, language="en"
        )
        for name, role in CAST.items()
        if name != "Frieda"
    }
    return others | {"Frieda": frieda}


@pytest.fixture
def customer(company, cast):
    """Anna's best customer, with a contact; Hanno is in her team."""
    best = Estimate.objects.order_by("rank").first().customer
    anna = Representative.objects.create(code="anna", name="Anna", user=cast["Anna"])
    starts = timezone.localdate(AT) - timedelta(days=9)
    Assignment.objects.create(customer=best, representative=anna, starts=starts)
    Team.objects.create(name="Nord").members.set([cast["Anna"], cast["Hanno"]])
    contact = Contact(customer=best, name="Frau Müller")
    contact.put("email", MAIL)
    contact.put("phone", PHONE)
    contact.save()
    return best


@pytest.fixture
def contact(customer):
    return customer.contacts.get()


@pytest.fixture
def noted(monkeypatch):
    kept = []
    monkeypatch.setattr(
        "kundenstamm.guard.audit.note_reveal",
        lambda customer, field, reason, *, actor, at: kept.append(
            (customer, field, reason, actor.name)
        ),
    )
    return kept


@pytest.fixture
def as_(client, cast):
    def signing_in(name):
        client.force_login(cast[name])
        client.cookies["django_language"] = "en"
        return client

    return signing_in


def page(client, customer, name="customer"):
    return client.get(reverse(name, args=[customer.key])).content.decode()


def document(client, customer):
    return client.get(reverse("customer", args=[customer.key])).context["documents"].rows[0]


def amounts(body):
    """Amounts with cents: those of single documents and lines."""
    return re.findall(
        r"[−€]?[\d,]+\.\d\d(?!\d)", re.sub(r"<(script|svg).*?</\1>", "", body, flags=re.S)
    )


@pytest.mark.parametrize(
    ("name", "plain"),
    [("Anna", True), ("Frieda", True), ("Hanno", True), ("Doris", False), ("Ida", False)],
)
def test_contacts_are_masked_by_role(as_, customer, name, plain):
    body = page(as_(name), customer)
    assert (MAIL in body) == (PHONE in body) == plain
    assert ("m•••@example.com" in body) == ("+49 ••• 12" in body) == (not plain)
    assert "23125" not in body or plain
    assert body.count("/customers/contacts/") == (0 if plain else 4)


@pytest.mark.parametrize(
    ("name", "plain"),
    [("Anna", True), ("Frieda", True), ("Doris", True), ("Hanno", False), ("Ida", False)],
)
def test_prices_of_single_documents_are_masked_by_role(as_, customer, name, plain):
    client = as_(name)
    for place in ("entries", "purchases"):
        body = page(client, customer, place)
        rows = body.split("<tfoot")[0]
        assert bool(amounts(rows)) == plain, place
        assert ("•••" in rows) == (not plain), place
        assert ("loss" in rows) == plain or "−" not in rows, place
    answer = client.get(reverse("customer", args=[customer.key]))
    shown = str(answer.context["rhythm"]["datasets"]["purchases"])
    assert ("€" in shown) == plain
    day = answer.context["latest_days"][0]
    assert (f"{day.net:,.2f}" in answer.content.decode()) == plain


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", True),
        ("?level=gross_sales", True),
        ("?from={first}&to={last}", True),
        ("?document={number}&day={day}", False),
        ("?document={number}", False),
        ("?day={day}", False),
        ("?from={day}&to={day}", False),
        ("?from={day}", False),
        ("?to={last}", False),
    ],
)
def test_sums_of_less_than_the_year_are_masked_too(as_, customer, query, shown):
    client = as_("Hanno")
    found = document(client, customer)
    last = Estimate.objects.first().run.as_of
    asked = query.format(
        number=found.number, day=found.day, last=last, first=last - timedelta(days=364)
    )
    foot = client.get(reverse("entries", args=[customer.key]) + asked).content.decode()
    assert bool(amounts(foot.split("<tfoot")[1])) == shown


@pytest.mark.parametrize("name", ["Doris", "Ida"])
@pytest.mark.parametrize(("field", "text"), [("email", MAIL), ("phone", PHONE)])
def test_one_field_is_revealed_with_a_reason(as_, contact, noted, name, field, text):
    client, address = as_(name), reverse("reveal-contact", args=[contact.key, field])
    part = client.get(address, headers=HTMX).content.decode()
    assert "<html" not in part
    assert text not in part
    answer = client.post(address, {"reason": "reach"}, headers=HTMX).content.decode()
    assert "<html" not in answer
    assert text in answer
    assert ({MAIL, PHONE} - {text}).pop() not in answer
    assert noted == [(contact.customer_id, f"contact.{field}", "reach", name)]
    assert text not in page(client, contact.customer)


def test_without_scripts_the_same_form_answers_with_a_page(as_, contact, noted):
    client, address = as_("Doris"), reverse("reveal-contact", args=[contact.key, "email"])
    asked = client.get(address).content.decode()
    assert "<h1>" in asked
    assert MAIL not in asked
    answer = client.post(address, {"reason": "other", "words": "Messe"}).content.decode()
    assert "<h1>" in answer
    assert MAIL in answer
    assert [reason for _pk, _field, reason, _name in noted] == ["other: Messe"]


@pytest.mark.parametrize("said", [{}, {"reason": "because"}, {"reason": "other", "words": " "}])
def test_without_a_reason_nothing_is_revealed(as_, contact, noted, said):
    client = as_("Ida")
    for address, more in (
        (reverse("reveal-contact", args=[contact.key, "email"]), {}),
        (reverse("reveal-prices", args=[contact.customer.key]), {"document": "1", "day": "x"}),
    ):
        for headers in ({}, HTMX):
            body = client.post(address, said | more, headers=headers).content.decode()
            assert "errorlist" in body
            assert MAIL not in body
    assert noted == []


def test_what_is_not_kept_is_not_shown(as_, contact, monkeypatch):
    def full(*_args, **_named):
        raise OSError("No space left on device")

    monkeypatch.setattr("kundenstamm.guard.audit.note_reveal", full)
    client = as_("Doris")
    client.raise_request_exception = False
    answer = client.post(
        reverse("reveal-contact", args=[contact.key, "email"]), {"reason": "reach"}
    )
    assert answer.status_code == 500
    assert MAIL not in answer.content.decode()


@pytest.mark.parametrize("name", ["Bernd", "Emil"])
def test_nobody_looks_at_somebody_elses_customer(as_, customer, contact, noted, name):
    client = as_(name)
    reason = {"reason": "reach", "document": "1", "day": "2026-01-01"}
    for address in (
        reverse("reveal-contact", args=[contact.key, "email"]),
        reverse("reveal-prices", args=[customer.key]),
    ):
        for headers in ({}, HTMX):
            assert client.post(address, reason, headers=headers).status_code == 404
            assert client.get(address, reason, headers=headers).status_code == 404
    assert noted == []


@pytest.mark.parametrize("name", ["email ", "name", "key", "email_index", "customer"])
def test_only_sealed_fields_are_revealed(as_, contact, noted, name):
    address = reverse("reveal-contact", args=[contact.key, "email"]).replace("email", name)
    assert as_("Frieda").post(address, {"reason": "reach"}).status_code == 404


def test_prices_of_one_document_are_revealed_in_its_row(as_, customer, noted):
    client = as_("Hanno")
    found = document(client, customer)
    told = {"document": found.number, "day": f"{found.day}", "source": found.source, "place": "row"}
    address = reverse("reveal-prices", args=[customer.key])
    assert client.get(address, told, headers=HTMX).content.decode().startswith("<tr")
    answer = client.post(address, told | {"reason": "invoice"}, headers=HTMX).content.decode()
    assert answer.count("<tr") == 1
    assert f"{abs(found.net):,.2f}" in answer
    assert f"{abs(found.contribution_1):,.2f}" in answer
    assert noted == [(customer.pk, "document.prices", "invoice", "Hanno")]
    wrong = told | {"reason": "invoice", "day": "yesterday"}
    assert client.post(address, wrong, headers=HTMX).status_code == 404


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_prices_of_one_document_are_revealed_with_its_entries(as_, customer, noted, headers):
    client = as_("Ida")
    found = document(client, customer)
    query = f"?document={found.number}&day={found.day}"
    masked = client.get(reverse("entries", args=[customer.key]) + query).content.decode()
    assert not amounts(masked)
    assert 'name="place" value="entries"' in masked
    told = {"document": found.number, "day": f"{found.day}", "reason": "subject"}
    answer = client.post(reverse("reveal-prices", args=[customer.key]), told, headers=headers)
    body = answer.content.decode()
    assert ("<html" in body) == (not headers)
    assert len(amounts(body)) == len(answer.context["found"].rows) + 1
    assert {row.document for row in answer.context["found"].rows} == {found.number}
    assert noted == [(customer.pk, "document.prices", "subject", "Ida")]


def test_without_its_key_a_contact_says_so_and_the_page_stands(as_, contact, noted, monkeypatch):
    monkeypatch.setattr(keys, "path", lambda: keys.home() / "no-such-ring.json")
    for name in ("Frieda", "Doris"):
        body = page(as_(name), contact.customer)
        assert body.count("cannot be opened") == 2
    address = reverse("reveal-contact", args=[contact.key, "email"])
    assert "cannot be opened" in client_text(as_("Doris"), address)


def client_text(client, address):
    return client.post(address, {"reason": "reach"}).content.decode()


@pytest.mark.parametrize(("name", "found"), [("Anna", True), ("Doris", True), ("Bernd", False)])
def test_a_whole_address_or_number_finds_the_customer(as_, customer, name, found):
    client = as_(name)
    for typed in (MAIL, MAIL.upper(), "030 / 23125-012", "0049 30 23125012"):
        rows = client.get(reverse("find"), {"q": typed}).context["rows"]
        assert [row.customer for row in rows] == [customer] * found
        listed = client.get(reverse("customers"), {"q": typed, "sort": "profit"}).context["page"]
        assert [row.customer for row in listed.rows] == [customer] * found
        assert listed.about.number == found


def test_a_number_finds_by_name_or_number_and_by_phone(as_, customer):
    other = Customer.objects.exclude(pk=customer.pk).first()
    Customer.objects.filter(pk=other.pk).update(number="03023125012")
    rows = as_("Frieda").get(reverse("find"), {"q": "03023125012"}).context["rows"]
    assert {row.customer for row in rows} == {customer, other}
