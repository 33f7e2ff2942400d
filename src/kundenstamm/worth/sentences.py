"""Reasons as data: a sentence's template and what stands in it, translated where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


def gettext_noop(template: str) -> str:
    """Mark a template for translation; the words are looked up where they are shown."""
    return template


_ONE: dict[tuple[str, str], str] = {}


def one(template: str, value: str, singular: str) -> str:
    """Say a template with other words where one of its values is one; gives these words."""
    _ONE[template, value] = singular
    return singular


def worded(template: str, shown: Mapping[str, Any]) -> str:
    """The template, or its words for the one value of ``shown`` that reads as one.

    >>> RIVAL = "A rival was seen {seen} days ago."
    >>> one(RIVAL, "seen", "A rival was seen one day ago.")
    'A rival was seen one day ago.'
    >>> worded(RIVAL, {"seen": "1"}), worded(RIVAL, {"seen": 2}) == RIVAL
    ('A rival was seen one day ago.', True)
    """
    for name, value in shown.items():
        if str(value) == "1" and (template, name) in _ONE:
            return _ONE[template, name]
    return template


@dataclass(frozen=True)
class Sentence:
    """An English template in ``str.format`` style and its plain values (numbers, ISO dates)."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return worded(self.template, self.values).format(**self.values)

    def as_data(self) -> dict[str, Any]:
        return {"msgid": self.template, "params": dict(self.values)}
