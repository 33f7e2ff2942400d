"""The suite's database: the embedded cluster in a home of its own, or ``DATABASE_URL``."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):  # noqa: ARG001
    """Start the database only when a test asks for it, and stop it after the last one."""
    from kundenstamm.kit.database import running_database

    with running_database():
        yield


@pytest.fixture(scope="session", autouse=True)
def key_ring():
    """What a command makes before anything else; the suite's home keeps it."""
    from django.utils import timezone

    from kundenstamm.guard import keys

    keys.make(at=timezone.now())
