"""A throw-away installation and a stopwatch."""

from __future__ import annotations

import contextlib
import importlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch


@contextlib.contextmanager
def throwaway_site() -> Iterator[Path]:
    """An installation with an empty database in a temporary folder, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="kundenstamm-bench-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL may run as another account
        os.environ["KUNDENSTAMM_HOME"] = str(Path(folder) / "home")
        os.environ.pop("DATABASE_URL", None)
        os.environ["KUNDENSTAMM_SECOND_FACTOR"] = "off"
        from kundenstamm.cli.site import SETTINGS, site

        os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
        with site():
            yield Path(folder)


def timed(work: Callable[[], object], steps: Mapping[str, str]) -> tuple[float, dict[str, float]]:
    """Seconds that ``work`` takes, and those spent in each step (name → function's dotted path)."""
    spent = dict.fromkeys(steps, 0.0)
    with ExitStack() as stack:
        for name, path in steps.items():
            stack.enter_context(_stopwatch(name, path, spent))
        began = time.perf_counter()
        work()
        return time.perf_counter() - began, spent


def _stopwatch(name: str, path: str, spent: dict[str, float]) -> Any:
    module, function = path.rsplit(".", 1)
    original = getattr(importlib.import_module(module), function)

    def measured(*args: object, **named: object) -> object:
        began = time.perf_counter()
        try:
            return original(*args, **named)
        finally:
            spent[name] += time.perf_counter() - began

    return patch(path, measured)
