"""Many spellings, one contact."""

from __future__ import annotations

import pytest

from kundenstamm.guard import normalising


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("info@mueller.example", "info@mueller.example"),
        ("  Info@Mueller.Example ", "info@mueller.example"),
        ("STRASSE@example.com", "strasse@example.com"),
        ("straße@example.com", "strasse@example.com"),
        ("ｉｎｆｏ@example.com", "info@example.com"),
        ("", ""),
    ],
)
def test_mails(written, normal):
    assert normalising.mail(written) == normal


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("030 23125 001", "03023125001"),
        ("030/23125-001", "03023125001"),
        ("(030) 23125001", "03023125001"),
        ("+49 30 23125 001", "03023125001"),
        ("+49 (0)30 23125 001", "03023125001"),
        ("0049 30 23125001", "03023125001"),
        ("0049 (0) 30 23125001", "03023125001"),
        ("+43 1 23125 001", "0043123125001"),
        ("0043 1 23125001", "0043123125001"),
        ("49 30 23125 001", "493023125001"),
        ("+4930", "030"),
        ("nur per Mail", "nur per mail"),
        ("", ""),
    ],
)
def test_phones(written, normal):
    assert normalising.phone(written) == normal


@pytest.mark.parametrize(
    ("typed", "mail", "phone"),
    [
        ("anna@example.com", True, False),
        (" anna@example.com ", True, False),
        ("anna@example", False, False),
        ("anna @example.com", False, False),
        ("030 23125 001", False, True),
        ("+49 (0)30/23125-001", False, True),
        ("123456", False, True),
        ("12345", False, False),
        ("12345 Köln", False, False),
        ("", False, False),
        ("+", False, False),
    ],
)
def test_what_is_looked_for(typed, mail, phone):
    assert normalising.looks_like_mail(typed) is mail
    assert normalising.looks_like_phone(typed) is phone
