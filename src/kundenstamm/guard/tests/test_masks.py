"""What is left of a value behind its mask, and who gets to see the mask."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from kundenstamm.guard.masks import FIELDS, mask_mail, mask_phone, sees
from kundenstamm.guard.models import Role, User
from kundenstamm.guard.revealing import Reason, note

SEEN = {
    Role.OWNER: {
        "contact.email",
        "contact.phone",
        "contact.best_time",
        "contact.mention",
        "interaction.note",
        "interaction.attachment",
        "document.prices",
    },
    Role.SALES_LEAD: {
        "contact.email",
        "contact.phone",
        "contact.best_time",
        "contact.mention",
        "interaction.note",
        "interaction.attachment",
        "document.prices",
    },
    Role.REPRESENTATIVE: {
        "contact.email",
        "contact.phone",
        "contact.best_time",
        "contact.mention",
        "interaction.note",
        "interaction.attachment",
        "document.prices",
    },
    Role.SERVICE: {
        "contact.email",
        "contact.phone",
        "contact.best_time",
        "contact.mention",
        "interaction.note",
        "interaction.attachment",
    },
    Role.CONTROLLER: {"document.prices"},
    Role.DATA_PROTECTION: set(),
    Role.AUDITOR: set(),
}


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_its_fields(role):
    person = User(pk=1, role=role, is_active=True)
    assert {field for field in FIELDS if sees(person, field)} == SEEN[role]
    assert not any(sees(User(pk=1, role=role, is_active=False), field) for field in FIELDS)


@pytest.mark.parametrize(
    ("mail", "masked"),
    [
        ("mueller@example.com", "m•••@example.com"),
        ("m@example.com", "•••@example.com"),
        ('"a@b"@example.com', '"•••@example.com'),
        ("kein Briefkasten", "•••"),
    ],
)
def test_mails(mail, masked):
    assert mask_mail(mail) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("+49 30 23125 012", "+49 ••• 12"),
        ("030 23125 012", "030 ••• 12"),
        ("03023125012", "0302 ••• 12"),
        ("(030) 23125", "••• 25"),
        ("0351 1", "•••"),
        ("030 123", "••• 23"),
        ("01234567", "••• 67"),
        ("nur per Mail", "•••"),
    ],
)
def test_phones(phone, masked):
    assert mask_phone(phone) == masked


@given(st.text(alphabet="0123456789+ ()/-", max_size=25))
def test_three_digits_of_a_phone_at_least_stay_hidden(phone):
    digits = sum(each.isdigit() for each in phone)
    assert sum(each.isdigit() for each in mask_phone(phone)) <= max(digits - 3, 0)


@pytest.fixture
def noted(monkeypatch):
    kept = []
    monkeypatch.setattr(
        "kundenstamm.guard.audit.note_reveal",
        lambda customer, field, reason, *, actor, at: kept.append((customer, field, reason)),
    )
    return kept


@pytest.mark.parametrize(
    ("reason", "words", "told"),
    [
        (Reason.REACH, "", "reach"),
        (Reason.OTHER, "  Rückruf \n morgen ", "other: Rückruf morgen"),
        (Reason.COMPLAINT, "Ware war nass", "complaint: Ware war nass"),
    ],
)
def test_reasons_are_kept(noted, reason, words, told):
    note(7, "contact.phone", reason, words, actor=None, at=None)
    assert noted == [(7, "contact.phone", told)]


@pytest.mark.parametrize(("reason", "words"), [("", ""), ("because", "x"), ("other", "  ")])
def test_without_a_reason_nothing_is_kept(noted, reason, words):
    with pytest.raises(ValidationError):
        note(7, "contact.phone", reason, words, actor=None, at=None)
    assert noted == []
