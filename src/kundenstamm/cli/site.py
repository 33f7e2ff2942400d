"""The site behind a command: database running, Django ready, schema up to date."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kundenstamm.kit.database import running_database

if TYPE_CHECKING:
    from kundenstamm.guard.models import User

SETTINGS = "kundenstamm.config.settings"


@contextlib.contextmanager
def site() -> Iterator[None]:
    """Everything a command needs to call an action; the embedded server ends with its last user."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    with running_database():
        import django

        django.setup()
        _migrate()
        try:
            yield
        finally:
            from django.db import connections

            connections.close_all()


def cli_actor() -> User:
    """On whose behalf a command acts: whoever may read the home's secrets is its owner."""
    from django.utils import timezone

    from kundenstamm.guard.actions import ensure_owner

    return ensure_owner(at=timezone.now())


def _migrate() -> None:
    """Bring the schema up to date; two commands at once take turns."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('kundenstamm migrate'))")
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('kundenstamm migrate'))")
