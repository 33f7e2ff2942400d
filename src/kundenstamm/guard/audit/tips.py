"""The tip of the chain leaves the database, else a tail that was cut off would still verify.

Each tip is one line of a file outside the database (``KUNDENSTAMM_AUDIT_TIPS``; default: in the
home), and goes to the standard input of ``KUNDENSTAMM_AUDIT_TIP_COMMAND``, if there is one:
another machine's log, a mail, a printer. Best kept where whoever runs the database cannot write.
"""

from __future__ import annotations

import json
import logging
import os
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from kundenstamm.kit.home import home, locked

if TYPE_CHECKING:
    from kundenstamm.guard.audit.chain import Break

PATIENCE_SECONDS = 20
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tip:
    """A link's number, and its digest in hexadecimal."""

    number: int
    digest: str


def keep(tip: Tip, *, at: datetime) -> None:
    """Append the tip to the file, unless it is the last one there, and tell the command."""
    path = _path()
    with locked(path.with_name(path.name + ".lock")):
        last = _last_line(path)
        if last and json.loads(last).get("number") == tip.number:
            return
        line = json.dumps({"number": tip.number, "digest": tip.digest, "at": at.isoformat()})
        _append(path, line + "\n")
    _tell(line)


def kept() -> dict[int, str]:
    """Number → digest of every tip in the file."""
    return {tip.number: tip.digest for tip in _read() if isinstance(tip, Tip)}


def damaged() -> Break | None:
    """A line of the file that nobody of ours has written, or none although the chain has begun."""
    from kundenstamm.guard.audit.chain import Break, tip

    lines = list(_read())
    if not lines and tip() is not None:
        return Break(1, None, f"no tip is kept in {_path()}: a cut end would not show")
    for number, line in enumerate(lines, start=1):
        if not isinstance(line, Tip):
            return Break(number, None, f"line {number} of {_path()} is damaged")
    return None


def _read() -> Iterator[Tip | str]:
    path = _path()
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            try:
                told = json.loads(line)
                yield Tip(int(told["number"]), str(told["digest"]))
            except (ValueError, KeyError, TypeError):
                yield line


def _path() -> Path:
    return Path(settings.AUDIT_TIPS) if settings.AUDIT_TIPS else home() / "audit-tips.jsonl"


def _last_line(path: Path) -> str:
    """Found from the end: the file has a line for every few seconds of work."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 1000, 0))
        lines = file.read().decode(errors="replace").splitlines()
    return lines[-1] if lines and lines[-1].startswith("{") and lines[-1].endswith("}") else ""


def _append(path: Path, line: str) -> None:
    """Whole on disk before we go on, and never with loose permissions."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _tell(line: str) -> None:
    """A command that fails stops nobody's work, but is told in the log."""
    if not settings.AUDIT_TIP_COMMAND:
        return
    try:
        subprocess.run(
            shlex.split(settings.AUDIT_TIP_COMMAND), input=line + "\n", text=True, check=True,
            timeout=PATIENCE_SECONDS, capture_output=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError, ValueError) as failed:
        log.warning("The audit's tip %s was not taken by its command: %s", line, failed)
