"""Reasons as data: a sentence's template and what stands in it, translated where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


def gettext_noop(template: str) -> str:
    """Mark a template for translation; the words are looked up where they are shown."""
    return template


@dataclass(frozen=True)
class Sentence:
    """An English template in ``str.format`` style and its plain values (numbers, ISO dates)."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.values)

    def as_data(self) -> dict[str, Any]:
        return {"msgid": self.template, "params": dict(self.values)}
