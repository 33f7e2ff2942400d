"""A key ring of the test's own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kundenstamm.guard import keys

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def ring_file(tmp_path, monkeypatch):
    """Where the ring of this test lies; there is none yet."""
    file = tmp_path / "keys.json"
    monkeypatch.setattr(keys, "path", lambda: file)
    return file


@pytest.fixture
def own_ring(ring_file):
    keys.make(at=AT)
    return ring_file
