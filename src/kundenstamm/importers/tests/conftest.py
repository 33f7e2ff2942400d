"""Files as they come, checked in one call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kundenstamm.importers import sales
from kundenstamm.importers.checked import Checked
from kundenstamm.importers.files import read
from kundenstamm.importers.mapping import guess

TODAY = date(2026, 1, 15)


@pytest.fixture
def a_file(tmp_path: Path) -> Callable[..., Path]:
    def write(content: str | bytes, name: str = "sales.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def checked(a_file: Callable[..., Path]) -> Callable[..., Checked]:
    def check(
        content: str | bytes,
        currency: str = "EUR",
        columns: dict[str, str] | None = None,
        choices: dict[str, Any] | None = None,
        **how: Any,
    ) -> Checked:
        raw = read(a_file(content, **how), choices)
        mapping = guess(raw, "sales", columns)
        return sales.check(raw, mapping, sales.Rules(TODAY, currency))

    return check
