"""Which database: the embedded cluster, or the server that ``DATABASE_URL`` names."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dj_database_url
import psycopg

from kundenstamm.kit.home import home, locked, write_private
from kundenstamm.kit.postgres import Cluster, roles

VARIABLE = "DATABASE_URL"
# Which log-in a process uses: "owner" for commands and migrations, "site", "worker".
LOGIN_VARIABLE = "KUNDENSTAMM_DATABASE_LOGIN"


class DatabaseRefused(ValueError):  # noqa: N818
    """The database that was named cannot be used; the message names the mend."""


def is_embedded() -> bool:
    return not os.environ.get(VARIABLE)


def django_database() -> dict[str, Any]:
    """Django's description of the database; reads identities only and starts nothing."""
    login = os.environ.get(LOGIN_VARIABLE, "owner")
    common = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    if not is_embedded():
        return _external() | _of_login(login) | common
    found = Cluster(home()).parameters(login)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": found["dbname"],
        "HOST": found["host"],
        "USER": found["user"],
        "PASSWORD": found["password"],
    } | common


@contextlib.contextmanager
def running_database() -> Iterator[None]:
    """The database is up while the block lasts; an external server is somebody else's to run."""
    if not is_embedded():
        with locked(home() / "database-logins.lock"):
            if not _logins_path().exists():
                prepare_external(os.environ[VARIABLE])
        yield
        return
    with Cluster(home()).running():
        yield


def prepare_external(administrator: str) -> None:
    """Make the log-ins of this installation on the server that ``DATABASE_URL`` names.

    Raises
    ------
    DatabaseRefused
        ``administrator`` (a URL of the same database) may not make roles, or nobody answers.
    """
    described = _external()
    passwords = _logins() or {login: secrets.token_hex(24) for login in roles.LOGINS}
    try:
        with psycopg.connect(administrator, autocommit=True) as connection:
            roles.prepare(connection, described["NAME"], described["USER"], passwords)
    except psycopg.errors.InsufficientPrivilege:
        raise DatabaseRefused(
            f"The role of {VARIABLE} may not make the log-ins that keep the customer list behind "
            "row-level security. Run once as somebody who may: kundenstamm database prepare "
            "--as postgresql://ADMIN:PASSWORD@HOST/DATABASE"
        ) from None
    except psycopg.OperationalError as unreachable:
        raise DatabaseRefused(
            f"The database does not answer: {unreachable} "
            f"Check {VARIABLE}, and that the server runs."
        ) from None
    write_private(_logins_path(), json.dumps(passwords))


def login_of(process: str) -> str:
    """The database role under which a kind of process logs in."""
    if is_embedded():
        return str(Cluster(home()).parameters(process)["user"])
    return str(_external()["USER"] if process == "owner" else _of_login(process)["USER"])


def _external() -> dict[str, Any]:
    parsed = dict(dj_database_url.parse(os.environ[VARIABLE]))
    if parsed.get("ENGINE") != "django.db.backends.postgresql":
        raise DatabaseRefused(
            f"{VARIABLE} must name a PostgreSQL server (postgresql://user:password@host/name): "
            "row-level security guards the customer list, and only PostgreSQL has it."
        )
    return parsed


def _of_login(login: str) -> dict[str, Any]:
    if login == "owner":
        return {}
    user = roles.login_name(_external()["NAME"], login)
    return {"USER": user, "PASSWORD": _logins()[login]}


def _logins() -> dict[str, str]:
    path = _logins_path()
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _logins_path() -> Path:
    return home() / "database-logins.json"
