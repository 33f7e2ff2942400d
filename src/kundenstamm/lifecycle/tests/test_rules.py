"""Reasons as sentences: every template of the theory and of ours, in both languages."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import kundenstamm
from kundenstamm.lifecycle import rules
from kundenstamm.worth import history, sentences
from kundenstamm.worth.care import causes  # noqa: F401 (its sentences are asked for)
from kundenstamm.worth.stages import (
    FADING,
    LATE,
    LOST,
    NEW,
    PARTED,
    PROSPECT,
    QUIET,
    REGULAR,
    REPEAT,
    WON_BACK,
)

# The sentences of the reason why: all texts that the module has.
OUTLOOKS = [text for text in vars(history).values() if isinstance(text, str) and "{" in text]
FRAGMENTS = Path(kundenstamm.__file__).parent / "locale"
TEMPLATES = [
    PARTED,
    PROSPECT,
    LOST,
    WON_BACK,
    NEW,
    LATE,
    FADING,
    REGULAR,
    REPEAT,
    QUIET,
    rules.REFUSED,
    *OUTLOOKS,
]
VALUES = {
    "silent": 1234,
    "age": 12,
    "occasions": 1500,
    "usual": 30,
    "pause": None,
    "p_active": 0.5371,
    "purchases": 3.44,
    "left": -1234.5,
    "loss": 84.2,
    "lately": 9,
    "before": 11.5,
    "months": 12,
    "since": "2023-03-05",
    "last": "2026-06-18",
}


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_template_becomes_a_sentence(template, language):
    names = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    assert names <= VALUES.keys()
    said = rules.sentence({"msgid": template, "params": VALUES}, language)
    assert "{" not in said
    assert said.endswith(".")


def test_numbers_are_written_as_the_language_writes_them():
    reason = {"msgid": "{silent} {p_active} {purchases} {left} {pause}", "params": VALUES}
    assert rules.sentence(reason, "de") == "1.234 54\u00a0% 3,4 −1.234\u00a0€ –"
    assert rules.sentence(reason, "en") == "1,234 54% 3.4 −€1,234 –"
    days = {"msgid": "{since}, {last}", "params": VALUES}
    assert rules.sentence(days, "de") == "März 2023, 18.06.2026"
    assert rules.sentence([days, {}, days], "en").startswith("March 2023, ")
    assert "CHF" in rules.sentence(reason, "en", "CHF")


@pytest.mark.parametrize(
    ("chance", "said"), [(0.0, "0%"), (0.001, "1%"), (0.999, "99%"), (1.0, "100%")]
)
def test_no_false_certainty(chance, said):
    assert rules.sentence({"msgid": "{p_active}", "params": {"p_active": chance}}, "en") == said


def test_no_reason_is_no_sentence():
    assert rules.sentence({}, "de") == ""


@pytest.mark.parametrize(("template", "name"), sentences._ONE)
@pytest.mark.parametrize("language", ["de", "en"])
def test_one_day_is_said_as_one_day(template, name, language):
    """Also of those values that the theory gives as fractions and that are shown as one."""
    values = VALUES | {name: 3, "open": 3, "seen": 3, "remaining": 3, "ago": 3}
    many = rules.sentence({"msgid": template, "params": values | {name: 2}}, language)
    one = rules.sentence({"msgid": template, "params": values | {name: 1}}, language)
    assert "2" in many
    assert " 1 " not in one
    assert "1 Tag" not in one
    assert one != many.replace("2", "1")
    assert one.endswith(".")


def test_german_names_the_same_values():
    for path in FRAGMENTS.glob("**/*.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="de"):
                if message.id in TEMPLATES and message.string:
                    assert _names(message.string) == _names(message.id), path


def _names(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
