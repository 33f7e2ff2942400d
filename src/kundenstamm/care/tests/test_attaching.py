"""Files are attached to what was recorded: all or none, sealed, behind the wall, taken away."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from kundenstamm.care import attaching, file_kinds, rules
from kundenstamm.care.actions import withdraw
from kundenstamm.care.attaching import File, attach, content_of, remove
from kundenstamm.care.models import Attachment, Interaction
from kundenstamm.care.tests.conftest import AT, as_the_site
from kundenstamm.guard import keys, rotating
from kundenstamm.guard.rights import Forbidden
from kundenstamm.guard.sealed import NotOpened

PDF = b"%PDF-1.7\nein Vertrag"
MAIL = b"From: a@example.com\r\nSubject: Preise\r\n\r\nGuten Tag"


def packed(*names, first=b""):
    """A packed document with parts of these names; ``first``: its unpacked kind."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        if first:
            made.writestr("mimetype", first)
        for name in names:
            made.writestr(name, b"<x/>")
    return held.getvalue()


ODT = b"application/vnd.oasis.opendocument.text"
WORD = ("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "content", "known"),
    [
        ("a.pdf", PDF, True),
        ("a.PDF", PDF, True),
        ("a.pdf", b"MZ\x90\x00", False),
        ("a.pdf", b"<html>%PDF-", False),
        ("a.png", b"\x89PNG\r\n\x1a\nx", True),
        ("a.png", PDF, False),
        ("a.jpg", b"\xff\xd8\xff\xe0x", True),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8", True),
        ("a.webp", b"RIFF\x00\x00\x00\x00WAVEfmt", False),
        ("a.txt", "Grüße".encode(), True),
        ("a.txt", "Grüße".encode("cp1252"), True),
        ("a.txt", "Grüße".encode("utf-16"), True),
        ("a.txt", b"ab\x00c", False),
        ("a.csv", b"a;b\r\n1;2\r\n", True),
        ("a.csv", b"\x7fELF\x02\x01\x01\x00", False),
        ("a.eml", MAIL, True),
        ("a.eml", b"Guten Tag", False),
        ("a.eml", b"Subject: ohne Absender\n\nx", False),
        ("a.docx", packed(*WORD), True),
        ("a.xlsx", packed(*WORD), False),
        ("a.xlsx", packed("[Content_Types].xml", "xl/workbook.xml"), True),
        ("a.docx", b"PK\x03\x04kaputt", False),
        ("a.odt", packed("content.xml", first=ODT), True),
        ("a.ods", packed("content.xml", first=ODT), False),
        ("a.odt", packed("content.xml"), False),
    ],
)
def test_a_file_is_known_by_what_is_in_it(name, content, known):
    assert file_kinds.is_what_it_says(name, content) is known


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"  <!DOCTYPE html><script>"),
        ("a.txt", b"\xef\xbb\xbf<svg onload=x>"),
        ("a.csv", b"<?xml version='1.0'?>"),
        ("a.docx", packed(*WORD, "word/vbaProject.bin")),
        ("a.odt", packed("content.xml", "Basic/Standard/x.xml", first=ODT)),
    ],
)
def test_what_a_program_would_run_is_refused(name, content):
    with pytest.raises(file_kinds.Active):
        file_kinds.is_what_it_says(name, content)


@given(st.text(max_size=300), st.sampled_from([".pdf", ".txt", ""]))
def test_a_kept_name_leads_nowhere_and_breaks_no_line(told, suffix):
    name = file_kinds.safe_name(told + suffix)
    assert len(name) <= file_kinds.LONGEST_NAME
    assert not set(name) & set('/\\<>:"|?*\r\n\t\0\u202e\u2028')
    assert name.isprintable()
    assert name in ("", name.strip(". "))
    assert file_kinds.safe_name(name) == name


@pytest.fixture
def call(recorded):
    return recorded(kind="call", direction="we")


@pytest.fixture
def kept(call, people):
    return attach(call, [File("Vertrag Ahorn.pdf", PDF)], actor=people["Anna"], at=AT)[0]


@pytest.mark.django_db
def test_a_file_lies_sealed_and_comes_back_as_it_was(kept, people):
    found = attaching.standing(people["Anna"], kept.key)
    assert (found.open("name"), content_of(found), found.size) == (
        "Vertrag Ahorn.pdf", PDF, len(PDF),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT care_attachment::text FROM care_attachment")
        [(lies,)] = cursor.fetchall()
    assert "Vertrag" not in lies
    assert PDF.hex() not in lies


@pytest.mark.django_db
def test_it_opens_in_its_own_row_only_and_only_as_it_was(kept, call, people):
    [other] = attach(call, [File("b.txt", b"anderes")], actor=people["Anna"], at=AT)
    content = bytes(kept.content)
    kept.content = other.content
    with pytest.raises(NotOpened):
        content_of(kept)
    kept.content = content[:-1] + bytes([content[-1] ^ 1])
    with pytest.raises(NotOpened):
        content_of(kept)


@pytest.mark.django_db
def test_a_new_key_seals_it_anew_and_the_old_one_can_go(own_ring, kept, people):
    by = {"actor": people["Frieda"], "at": AT}
    old = keys.ring().current.name
    fresh = rotating.rotate(**by).key
    rotating.forget(old, **by)
    found = attaching.standing(people["Anna"], kept.key)
    assert found.opening.startswith(f"{fresh}.")
    assert content_of(found) == PDF


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("leer.pdf", b"", "leer.pdf"),
        ("a.exe", b"MZ", "a.exe"),
        ("ohne", b"x", "ohne"),
        ("a.html", b"<html>", "a.html"),
        ("a.svg", b"<svg/>", "a.svg"),
        ("a.pdf", b"MZ", "a.pdf"),
        ("a.txt", b"<script>", "a.txt"),
        ("../groß.pdf", PDF + b"x" * rules.MOST_FILE_BYTES, "groß.pdf"),
    ],
)
def test_of_several_files_none_is_kept_if_one_is_refused(call, people, name, content, told):
    with pytest.raises(ValidationError) as refused:
        attach(call, [File("gut.pdf", PDF), File(name, content)], actor=people["Anna"], at=AT)
    [said] = refused.value.message_dict["attached"]
    assert f"“{told}”" in said or f"„{told}“" in said
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_what_is_recorded_with_a_file_that_is_refused_is_not_recorded(recorded, people):
    with pytest.raises(ValidationError):
        recorded(files=(File("a.exe", b"MZ"),))
    assert not Interaction.objects.exists()
    made = recorded(files=(File("a.txt", b"ja"),))
    assert made.attachments.get().open("name") == "a.txt"


@pytest.mark.django_db
def test_an_entry_takes_so_many_files_and_so_much(call, people, monkeypatch):
    by = {"actor": people["Anna"], "at": AT}
    files = [File(f"{n}.txt", str(n).encode()) for n in range(rules.MOST_FILES)]
    attach(call, files, **by)
    with pytest.raises(ValidationError):
        attach(call, [File("mehr.txt", b"mehr")], **by)
    remove(call.attachments.first(), **by)
    monkeypatch.setattr(rules, "MOST_BYTES_TOGETHER", 12)
    with pytest.raises(ValidationError):
        attach(call, [File("viel.txt", b"x" * 4)], **by)
    attach(call, [File("viel.txt", b"x" * 3)], **by)


@pytest.mark.django_db
def test_the_same_content_is_attached_once_to_an_entry_and_told_of_others(recorded, kept, people):
    by = {"actor": people["Anna"], "at": AT}
    for files in ([File("x.pdf", PDF)], [File("a.txt", b"a"), File("b.txt", b"a")]):
        with pytest.raises(ValidationError):
            attach(kept.interaction, files, **by)
    other = recorded()
    [again] = attach(other, [File("x.pdf", PDF)], **by)
    assert attaching.also_there(again, actor=people["Anna"]) == kept.interaction
    assert attaching.also_there(again, actor=people["Bernd"]) is None
    remove(kept, **by)
    assert attaching.also_there(again, actor=people["Anna"]) is None


@pytest.mark.django_db
def test_what_is_taken_away_is_destroyed_and_stays_on_record(kept, people):
    with pytest.raises(Forbidden):
        remove(kept, actor=people["Hanno"], at=AT)
    remove(kept, actor=people["Frieda"], at=AT)
    kept.refresh_from_db()
    assert (bytes(kept.content), kept.opening, kept.opening_index) == (b"", "", "")
    assert (kept.removed_by, kept.removed_at, kept.open("name")) == (
        people["Frieda"], AT, "Vertrag Ahorn.pdf",
    )  # fmt: skip
    assert attaching.standing(people["Anna"], kept.key) is None
    with pytest.raises(ValidationError):
        remove(kept, actor=people["Anna"], at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        Attachment.objects.update(content=b"doch")


@pytest.mark.django_db
def test_nothing_is_attached_to_what_was_withdrawn_but_a_file_can_go(kept, people):
    by = {"actor": people["Anna"], "at": AT}
    withdraw(kept.interaction, "falsch", **by)
    with pytest.raises(ValidationError):
        attach(kept.interaction, [File("a.txt", b"a")], **by)
    remove(kept, **by)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Bernd", "Doris", "Emil"])
def test_who_may_not_know_or_records_nothing_attaches_nothing(call, people, name):
    with pytest.raises(Forbidden):
        attach(call, [File("a.txt", b"a")], actor=people[name], at=AT)
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_files_stand_behind_the_wall(kept, people):
    with as_the_site(people["Bernd"]):
        assert not Attachment.objects.exists()
    with as_the_site(people["Frieda"]):
        assert Attachment.objects.count() == 1
