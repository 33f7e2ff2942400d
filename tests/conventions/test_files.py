"""What must not stand in any file, and what must stand in each."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def test_the_lock_file_has_hashes_and_no_address():
    text = (ROOT / "requirements.lock").read_text()
    assert "://" not in text
    assert "--index" not in text
    packages = re.findall(r"^([a-z0-9][\w.-]*)==", text, flags=re.M)
    blocks = re.split(r"^(?=[a-z0-9][\w.-]*==)", text, flags=re.M)[1:]
    assert len(packages) == len(blocks) > 50
    assert all("--hash=sha256:" in block for block in blocks)


def test_files_stay_readable():
    """One room, one noun: a file past 400 lines wants splitting."""
    long = {
        str(path.relative_to(ROOT)): count
        for path in _tracked("*.py")
        if "migrations" not in path.parts
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_the_package_reads_the_clock_only_at_its_edges():
    clock = re.compile(r"\b(?:datetime\.now|date\.today|timezone\.now|localdate|time\.time)\(")
    edges = ("cli", "web", "tests", "migrations")
    found = [
        str(path.relative_to(ROOT))
        for path in _tracked("src/*.py")
        if not any(part in edges for part in path.parts)
        and clock.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
