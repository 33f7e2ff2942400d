"""What ``serve`` starts beside itself, each under its own database log-in.

A process that inherited ours would have the owner's connection settings with it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

from kundenstamm.kit.database import LOGIN_VARIABLE

PATIENCE_SECONDS = 20


@contextlib.contextmanager
def beside(module: str, login: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A module of this package as a process of its own, ended with the block."""
    environment = os.environ | {LOGIN_VARIABLE: login}
    command = [sys.executable, "-m", f"{__name__}.{module}", *arguments]
    process = subprocess.Popen(command, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def end_with_parent() -> None:
    """A parent killed outright cannot tell us: its number changes when we are adopted."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
