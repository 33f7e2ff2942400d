"""The wall's cast, and a place of the test's own for the chain's tips."""

from __future__ import annotations

import pytest
from django.conf import settings as project
from django.db import connection

from kundenstamm.guard.models import AuditEntry
from tests.wall.conftest import AT, CAST, base, cast, facts, untraded

__all__ = ["AT", "CAST", "base", "cast", "facts", "untraded"]


@pytest.fixture(autouse=True)
def tips(settings, tmp_path):
    """The file that holds the tips."""
    settings.AUDIT_TIPS = str(tmp_path / "tips.jsonl")
    return tmp_path / "tips.jsonl"


@pytest.fixture
def noted(db):
    """Entries since the test began, or since it last asked."""
    seen = {"last": _last()}

    def since():
        # In a test the request's transaction is within the test's, and its role outlives it.
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        found = list(AuditEntry.objects.filter(pk__gt=seen["last"]).order_by("pk"))
        seen["last"] = _last()
        return found

    return since


def _last():
    return AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def tampering(statement, values=()):
    """What only the tables' owner can do, past the refusing triggers."""
    assert project.DATABASES["default"]["USER"]
    with connection.cursor() as cursor:
        for table in ("guard_auditentry", "guard_auditlink"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_append_only")
        cursor.execute(statement, values)
        changed = cursor.rowcount
        for table in ("guard_auditentry", "guard_auditlink"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER audit_append_only")
    return changed
