"""Files come in with the box or later, are taken home by who may, and taken away."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from kundenstamm.care import rules
from kundenstamm.care.models import Attachment, Interaction
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import AuditEntry, Role, User
from kundenstamm.kit.postgres.roles import APP

AT = timezone.now()
TODAY = timezone.localdate(AT)
PDF = b"%PDF-1.7\nein Vertrag"


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def customer(frieda):
    return Customer.objects.create(number="K1", name="Bäcker Ahorn", created_at=AT)


@pytest.fixture
def people(customer, serving):
    return serving(customer)


def sent(*files):
    """What a browser says of the type is not believed: it says the wrong one here."""
    return [SimpleUploadedFile(name, content, "text/html") for name, content in files]


@pytest.fixture
def record(signed_in, customer):
    def recording(*files, **told):
        form = {"kind": "call", "direction": "we", "day": TODAY.isoformat(), "note": "Angebot"}
        address = reverse("record-interaction", args=[customer.key])
        return signed_in.post(address, form | told | {"attached": sent(*files)})

    return recording


@pytest.fixture
def kept(record):
    record(("Vertrag.pdf", PDF))
    return Attachment.objects.get()


def address(route, kept):
    key = kept.key if "attachment" in route else kept.interaction.key
    return reverse(route, args=[kept.customer.key, key])


def test_a_file_comes_with_the_call_and_goes_home_as_it_was(record, signed_in, customer):
    assert record(("Vertrag.pdf", PDF), ("Liste.csv", b"a;b")).status_code == 302
    for route in ("customer", "timeline", "interactions"):
        page = signed_in.get(reverse(route, args=[customer.key])).content.decode()
        assert "Vertrag.pdf" in page
        assert "Liste.csv" in page
    kept = Attachment.objects.order_by("pk").first()
    answer = signed_in.get(address("attachment", kept))
    assert not answer.streaming
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="Vertrag.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"


def test_each_download_is_noted_with_the_file(kept, signed_in):
    last = AuditEntry.objects.latest("pk").pk
    signed_in.get(address("attachment", kept))
    [entry] = AuditEntry.objects.filter(pk__gt=last, kind="read")
    assert (entry.what, entry.customers, entry.rows) == (
        "attachment", [kept.customer_id], [kept.pk],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Größe.pdf", "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.pdf"),
        ("..\\..\\boot.pdf", 'attachment; filename="boot.pdf"'),
        ("a\u202efdp.pdf", 'attachment; filename="afdp.pdf"'),
        ("a:b\u2028.pdf", 'attachment; filename="a_b.pdf"'),
    ],
)
def test_a_name_breaks_no_header(record, signed_in, name, header):
    record((name, PDF))
    assert (
        signed_in.get(address("attachment", Attachment.objects.get()))["Content-Disposition"]
        == header
    )


def test_of_a_refused_file_nothing_is_kept_and_the_words_come_back(record):
    answer = record(("gut.pdf", PDF), ("böse.pdf", b"<html>"))
    assert answer.status_code == 200
    form = answer.context["happened"]["form"]
    assert "böse.pdf" in form.errors["attached"][0]
    assert form["note"].value() == "Angebot"
    assert not Interaction.objects.exists()


def test_what_is_too_large_is_cut_off_and_named(record, signed_in, monkeypatch):
    monkeypatch.setattr(rules, "MOST_FILE_BYTES", 100)
    answer = record(("gut.pdf", PDF), ("groß.pdf", PDF + b"x" * 100))
    assert "groß.pdf" in answer.context["happened"]["form"].errors["attached"][0]
    assert not Interaction.objects.exists()
    monkeypatch.setattr(rules, "MOST_BYTES_TOGETHER", 50)
    answer = record(("a.pdf", PDF), ("b.pdf", PDF + b"x" * 20))
    assert "b.pdf" in answer.context["happened"]["form"].errors["attached"][0]


def test_more_files_come_later_and_what_is_known_is_told(kept, record, signed_in):
    again = signed_in.post(address("attach", kept), {"attached": sent(("x.pdf", PDF))}, follow=True)
    assert any("x.pdf" in str(each) for each in again.context["messages"])
    signed_in.post(address("attach", kept), {"attached": sent(("b.txt", b"ja"))})
    assert kept.interaction.attachments.count() == 2
    signed_in.post(address("attach", kept), {})
    assert Attachment.objects.count() == 2
    answer = record(("Kopie.pdf", PDF))
    told = [str(each) for each in signed_in.get(answer["Location"]).context["messages"]]
    assert any("Kopie.pdf" in each for each in told)


def test_what_is_taken_away_is_gone_and_said(kept, signed_in, customer):
    answer = signed_in.post(address("remove-attachment", kept), follow=True)
    page = answer.content.decode()
    assert "Vertrag.pdf" in page
    assert address("attachment", kept) not in page
    assert signed_in.get(address("attachment", kept)).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("Anna", 200), ("Hanno", 200), ("Bernd", 404), ("Doris", 403)]
)
def test_who_may_know_and_records_gets_it(kept, people, client, who, status):
    person = people.get(who) or User.objects.create(
        email="d@example.com", name="Doris", role=Role.CONTROLLER, created_at=AT
    )
    client.force_login(person)
    home, away, more = (address(r, kept) for r in ("attachment", "remove-attachment", "attach"))
    page = reverse("interactions", args=[kept.customer.key])
    assert client.get(home).status_code == status
    if status != 200:
        assert client.post(away).status_code == status
        assert client.post(more, {"attached": sent(("a.txt", b"a"))}).status_code == status
    if who == "Doris":
        body = client.get(page).content.decode()
        assert "Vertrag.pdf" not in body
        assert "•••" in body


def test_through_another_customer_it_is_not_found(kept, signed_in):
    other = Customer.objects.create(number="K2", name="Andere", created_at=AT)
    for route in ("attachment", "remove-attachment"):
        there = reverse(route, args=[other.key, kept.key])
        assert signed_in.get(there).status_code in (404, 405)
        assert signed_in.post(there).status_code in (404, 405)
    assert Attachment.objects.get().removed_at is None


def test_without_its_key_it_says_so(kept, signed_in):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE care_attachment SET opening = ''")
    answer = signed_in.get(address("attachment", kept), follow=True)
    assert answer.redirect_chain
    assert answer["Content-Type"].startswith("text/html")
