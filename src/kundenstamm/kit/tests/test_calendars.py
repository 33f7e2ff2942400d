"""Calendars keep to RFC 5545: lines are folded, texts escaped, whole days end with the next."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kundenstamm.kit.calendars import LONGEST_LINE, WholeDay, calendar, escaped, folded

CHANGED = datetime(2026, 11, 28, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Müller, Söhne; Co", "Müller\\, Söhne\\; Co"),
        ("a\\b", "a\\\\b"),
        ("eins\r\nzwei\rdrei\nvier", "eins\\nzwei\\ndrei\\nvier"),
        ("\x00a\x07\x7fb", "ab"),
        ("10:30 „Ahorn“", "10:30 „Ahorn“"),
    ],
)
def test_texts_are_escaped(text, said):
    assert escaped(text) == said


@given(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])))
def test_folded_lines_are_short_and_say_the_same(line):
    parts = folded(line).split("\r\n")
    assert parts.pop() == ""
    assert all(len(part.encode()) <= LONGEST_LINE for part in parts)
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == line
    assert all(part.startswith(" ") for part in parts[1:])


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_title_can_add_a_line_of_its_own(title):
    day = WholeDay("u@x", date(2026, 12, 31), title, "https://x/", CHANGED)
    text = calendar("Name", [day])
    unfolded = text.replace("\r\n ", "")
    assert unfolded.count("BEGIN:VEVENT") - title.count("BEGIN:VEVENT") == 1
    assert len(unfolded.split("\r\n")) == len(calendar("Name", []).split("\r\n")) + 9


def test_a_calendar_of_one_day():
    day = WholeDay("u@x", date(2026, 12, 31), "Aufgabe, heute", "https://x/t/", CHANGED)
    assert calendar("Aufgaben", [day]).split("\r\n") == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kundenstamm//Tasks//EN", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", "X-WR-CALNAME:Aufgaben",
        "BEGIN:VEVENT", "UID:u@x", "DTSTAMP:20261128T090500Z", "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101", "SUMMARY:Aufgabe\\, heute", "URL:https://x/t/",
        "TRANSP:TRANSPARENT", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
