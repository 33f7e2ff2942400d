"""The browser's side of the charts: a file out of an installed wheel."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

BUNDLE = "vega.js"
_SNIPPET = "window.vegaEmbed = vegaEmbed;"


def write_bundle(folder: Path) -> Path:
    """Write the browser's side of the charts out of the installed wheel, once per version."""
    import vl_convert

    target = folder / BUNDLE
    made_of = hashlib.sha256(f"{version('vl-convert-python')}{_SNIPPET}".encode()).hexdigest()
    mark = folder / "vega.made-of"
    if not target.exists() or not mark.exists() or mark.read_text() != made_of:
        folder.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".new")
        draft.write_text(vl_convert.javascript_bundle(_SNIPPET), encoding="utf-8")
        draft.replace(target)
        mark.write_text(made_of)
    return target
