"""German is complete: whatever a person may read has its twin, and no twin is left over."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "kundenstamm"
CATALOG = Path("locale/de/LC_MESSAGES/django.po")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    """The German catalog after Django has looked through all sources again."""
    if shutil.which("xgettext") is None:
        if os.environ.get("CI"):
            pytest.fail("gettext is missing: apt-get install gettext")
        pytest.skip("gettext is not installed (apt-get install gettext)")
    copy = tmp_path_factory.mktemp("sources") / "kundenstamm"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("tests", "__pycache__", "static"))
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "de", "-e", "py,html,txt"],
        cwd=copy,
        check=True,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(Path.cwd())},
    )
    with (copy / CATALOG).open("rb") as file:
        return read_po(file, locale="de")


def test_every_text_has_a_german_twin(extracted):
    missing = [str(message.id) for message in extracted if message.id and not _complete(message)]
    assert missing == []


def test_no_translation_is_left_over(extracted):
    assert [str(message.id) for message in extracted.obsolete.values()] == []


def test_placeholders_agree(extracted):
    pattern = re.compile(r"%\(\w+\)[sd]|\{\w*[^}]*\}|%[sd]")
    for message in extracted:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(pattern.findall(ids[-1]))
        assert set(pattern.findall(strings[-1])) == wanted, message.id


def _complete(message) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings) and not message.fuzzy
