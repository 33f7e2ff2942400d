"""Which database: the embedded cluster, or the server that ``DATABASE_URL`` names."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import dj_database_url

from kundenstamm.kit.home import home
from kundenstamm.kit.postgres import Cluster

VARIABLE = "DATABASE_URL"


class DatabaseRefused(ValueError):  # noqa: N818
    """The database that was named cannot be used; the message names the mend."""


def is_embedded() -> bool:
    return not os.environ.get(VARIABLE)


def django_database() -> dict[str, Any]:
    """Django's description of the database; reads identities only and starts nothing."""
    common = {"ATOMIC_REQUESTS": True, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    if not is_embedded():
        parsed = dict(dj_database_url.parse(os.environ[VARIABLE]))
        if parsed.get("ENGINE") != "django.db.backends.postgresql":
            raise DatabaseRefused(
                f"{VARIABLE} must name a PostgreSQL server (postgresql://user:password@host/name): "
                "row-level security guards the customer list, and only PostgreSQL has it."
            )
        return parsed | common
    found = Cluster(home()).parameters()
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
        yield
        return
    with Cluster(home()).running():
        yield
