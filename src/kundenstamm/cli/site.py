"""The site behind a command: database running, Django ready, schema up to date."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

import typer

from kundenstamm.kit.database import DatabaseRefused, running_database
from kundenstamm.kit.postgres import ClusterError

if TYPE_CHECKING:
    from django.db.migrations.loader import MigrationLoader

    from kundenstamm.guard.models import User

SETTINGS = "kundenstamm.config.settings"


@contextlib.contextmanager
def site(*, whatever_the_keys: bool = False) -> Iterator[None]:
    """Everything a command needs to call an action; the embedded server ends with its last user.

    A key ring that does not belong to the database ends every command, but those that mend it.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(running_database())
            _set_up()
            held.callback(_close_connections)
            if not whatever_the_keys:
                _prepare_keys()
        except (ClusterError, DatabaseRefused, LookupError, OSError) as refused:
            _fail(str(refused))
        held.callback(seal)
        yield


def cli_actor(**owner: str) -> User:
    """On whose behalf a command acts: whoever may read the home's secrets is its owner.

    ``owner`` (email, name) is made if there is none yet. What follows is theirs in the audit.
    """
    from django.utils import timezone

    from kundenstamm.guard.acting import Way, work_for
    from kundenstamm.guard.actions import ensure_owner
    from kundenstamm.guard.models import AuditEntry

    at = timezone.now()
    actor = ensure_owner(at=at, **owner)
    work_for(actor, at=at, way=Way(uuid.uuid4().hex, AuditEntry.Channel.COMMAND))
    return actor


def seal() -> None:
    """Seal what the command has left in the audit; a site that runs would do it, too."""
    from django.utils import timezone

    from kundenstamm.guard.audit import chain

    chain.seal(at=timezone.now())


def _set_up() -> None:
    import django
    from django.db import OperationalError

    django.setup()
    try:
        _migrate()
    except OperationalError as unreachable:
        raise ClusterError(
            f"The database does not answer: {unreachable} "
            "Check DATABASE_URL, and that the server runs."
        ) from None


def _prepare_keys() -> None:
    from django.utils import timezone

    from kundenstamm.guard import keys

    try:
        keys.prepare(at=timezone.now())
    except keys.KeysRefused as refused:
        _fail(str(refused))


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)


def _migrate() -> None:
    """Bring the schema up to date; two commands at once take turns."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    _refuse_half_way(executor.loader)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('kundenstamm migrate'))")
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('kundenstamm migrate'))")


def _refuse_half_way(loader: MigrationLoader) -> None:
    """Django would take a database that has seen some of what was put together for up to date."""
    seen = set(loader.applied_migrations)
    for key, migration in loader.disk_migrations.items():
        replaced = {tuple(each) for each in migration.replaces}
        if key not in seen and replaced & seen and replaced - seen:
            _fail(
                "This database was made by a version from before the first release, and not by "
                "the last of these. Nothing was changed. Start that last version once, then this."
            )
