"""The cast, and customers as short as a test can say them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kundenstamm.guard.actions import ensure_owner

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def frieda(db):
    return ensure_owner(at=AT, email="frieda@example.com", name="Frieda")
