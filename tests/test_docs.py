"""Examples in the documentation run."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("docs/**/*.md"), ROOT / "README.md"])
WITH_EXAMPLES = [page for page in PAGES if ">>>" in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.name)
def test_docs_examples_do_what_they_say(page):
    found = doctest.testfile(str(page), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert found.attempted > 0
    assert found.failed == 0


MODULES = (
    "kit.months",
    "kit.quarters",
    "worth",
    "worth.concentration",
    "worth.levels",
    "worth.synthetic",
    "cli.main",
)


@pytest.mark.parametrize("module", MODULES)
def test_docs_of_modules_do_what_they_say(module):
    found = doctest.testmod(import_module(f"kundenstamm.{module}"))
    assert found.attempted > 0
    assert found.failed == 0


def test_docs_lead_nowhere_that_is_not_there():
    import re

    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
