"""Under which account PostgreSQL runs, and what that account can reach."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# PostgreSQL refuses to run as root. The first of these that exists runs it then; a dedicated
# account (`useradd --system kundenstamm`) is best because nothing else runs under it.
CANDIDATES = ("kundenstamm", "postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An operating-system account that PostgreSQL runs as; ``switch`` is false for ourselves."""

    uid: int
    gid: int
    switch: bool

    def run(self, command: Sequence[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a command as this account inside ``folder`` and return what it said."""
        return subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env=self._environment(folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **self._identity(),
        )

    def start(self, command: Sequence[str | Path], folder: Path, log: Path) -> int:
        """Start a command that outlives us, its output to ``log``; return its exit status."""
        with log.open("ab") as output:
            return subprocess.run(
                [str(part) for part in command],
                cwd=folder,
                env=self._environment(folder),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
                **self._identity(),
            ).returncode

    def reaches(self, path: Path) -> bool:
        """Whether this account may read ``path``: asked as that account, not computed."""
        if not self.switch:
            return path.exists()
        probe: subprocess.CompletedProcess[bytes] = subprocess.run(
            ["/usr/bin/test", "-r", str(path)], cwd="/", check=False, **self._identity()
        )
        return probe.returncode == 0

    def own(self, path: Path) -> None:
        """Hand a file or folder of ours to this account."""
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def _identity(self) -> dict[str, Any]:
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def _environment(self, folder: Path) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        return kept | {"HOME": str(folder), "LC_ALL": "C", "TZ": "UTC"}


def postgres_account() -> Account:
    """Ourselves, or for root an unprivileged account of this machine.

    Raises
    ------
    LookupError
        Root without any of the candidate accounts.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, switch=True)
    raise LookupError(
        "PostgreSQL does not run as root and none of the accounts "
        f"{', '.join(CANDIDATES)} exists. Create one: useradd --system kundenstamm"
    )
