"""The suite's settings: a home of its own, so that no test touches an installation's data."""

import os
from pathlib import Path

os.environ.setdefault(
    "KUNDENSTAMM_HOME", str(Path(__file__).resolve().parent.parent / "var" / "test-home")
)
# Tests of the second factor demand it for themselves.
os.environ.setdefault("KUNDENSTAMM_SECOND_FACTOR", "off")

from kundenstamm.config.settings import *  # noqa: F403
from kundenstamm.config.settings import STORAGES

STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}

# A server thread that keeps its connection would keep the test database from being dropped.
DATABASES["default"] |= {"CONN_MAX_AGE": 0}  # noqa: F405
