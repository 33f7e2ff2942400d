"""Refused rows as a file that a spreadsheet opens and that can be loaded again."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from kundenstamm.importers.checked import Checked

# A cell that begins so is run as a formula by spreadsheets; an apostrophe keeps it text.
_FORMULA = r"^[=+\-@\t\r]"
_PLAIN_NUMBER = r"^[+-]?[\d.,]+%?$"
# Our own columns, in front; the reader of sales files leaves unknown columns out.
WHY, MEND, AT = "Warum?", "Was tun?", "Zeile"


def write_refused(checked: Checked, path: Path) -> None:
    """Write the refused rows, why and how to mend each; BOM and semicolons for Excel's sake."""
    rows = checked.to_mend().rename({"row": AT, "why": WHY, "mend": MEND})
    table = rows.drop("column", "reason").with_columns(pl.all().cast(pl.String))
    safe = table.with_columns(
        pl.when(pl.col(name).str.contains(_FORMULA) & ~pl.col(name).str.contains(_PLAIN_NUMBER))
        .then("'" + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in table.columns
    )
    draft = path.with_suffix(".new")
    safe.write_csv(draft, separator=";", include_bom=True)
    draft.chmod(0o600)
    draft.replace(path)
