"""The suite's database: the embedded cluster in a home of its own, or ``DATABASE_URL``.

What tests record of themselves (``record_property``) is printed below the results: how much was
asked, and what was caught when a part of the wall was taken out.
"""

from __future__ import annotations

import pytest
from hypothesis import settings

# How long an example takes says something of the machine and nothing of the rule.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):  # noqa: ARG001
    """Start the database only when a test asks for it, and stop it after the last one."""
    from kundenstamm.kit.database import is_embedded, running_database

    with running_database():
        if is_embedded():
            _forgetful()
        yield


def _forgetful():
    """Nobody needs the suite's data after a power cut: its cluster need not wait for the disk."""
    import psycopg

    from kundenstamm.kit.home import home
    from kundenstamm.kit.postgres import Cluster
    from kundenstamm.kit.postgres.cluster import OWNER

    with psycopg.connect(**Cluster(home()).parameters("admin"), autocommit=True) as admin:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            admin.execute(f"ALTER SYSTEM SET {setting} = off")
        admin.execute("SELECT pg_reload_conf()")
        # Without it a journey fills its database anew (`tests.journeys.snapshot`).
        admin.execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}")


def pytest_terminal_summary(terminalreporter):
    reports = [r for kind in ("passed", "failed") for r in terminalreporter.getreports(kind)]
    told = [(r.nodeid, name, value) for r in reports for name, value in r.user_properties]
    if not told:
        return
    terminalreporter.section("what was asked, what was caught")
    for test, name, value in told:
        terminalreporter.write_line(f"{test.rpartition('::')[2]}: {name}")
        rows = value.items() if isinstance(value, dict) else [("", value)]
        for key, found in rows:
            said = ", ".join(map(str, found)) if isinstance(found, list | tuple) else found
            terminalreporter.write_line(f"    {key or '':<36} {said}")


@pytest.fixture(scope="session", autouse=True)
def key_ring():
    """What a command makes before anything else; the suite's home keeps it."""
    from django.utils import timezone

    from kundenstamm.guard import keys

    keys.make(at=timezone.now())


@pytest.fixture(autouse=True)
def language():
    """Each test begins in the site's language, whatever the one before asked a page in."""
    from django.conf import settings
    from django.utils import translation

    with translation.override(settings.LANGUAGE_CODE):
        yield
