"""A key ring of the test's own, and the owner."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kundenstamm.guard import keys
from kundenstamm.guard.actions import ensure_owner


@pytest.fixture
def frieda(db):
    return ensure_owner(at=timezone.now(), email="frieda@example.com", name="Frieda")


@pytest.fixture
def own_ring(db, tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "path", lambda: tmp_path / "keys.json")
    keys.prepare(at=timezone.now())
    return tmp_path / "keys.json"
