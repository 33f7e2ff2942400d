"""What a line is known by, so that loading it again changes nothing.

A line with a document and a line number is known by both. Without a line number it is known by
its content within the document: customer, day, product, quantity, amount, and which of several
equal lines it is. Without a document number, day and customer stand in for the document. Equal
lines are no mistake (two of the same in one basket), so each counts; the order of the file does
not matter, and neither do further lines around it.
"""

from __future__ import annotations

from hashlib import blake2b

import polars as pl

# Documents without a number begin with this sign, which sorts behind letters and digits.
NAMELESS = "~"
# The kind is left out: it is our reading of the line, and we may learn to read better.
_CONTENT = ("customer", "date", "product", "product_name", "quantity", "amount")


def identified(accepted: pl.DataFrame) -> pl.DataFrame:
    """``accepted`` with ``document`` and ``line`` (int64) filled, unique together.

    Rows that state a document and line number which an earlier row of the file states as well
    are known by their content, too: nothing is lost to a numbering that starts anew on each page.
    """
    nameless = pl.format("{}{}/{}", pl.lit(NAMELESS), pl.col("date"), pl.col("customer"))
    rows = accepted.with_columns(document=pl.coalesce("document", nameless))
    stated = (
        rows["line"].is_not_null()
        & rows.select(first=pl.struct("document", "line").is_first_distinct())["first"]
    )
    by_content = _content_numbers(rows.filter(~stated))
    line = rows["line"].set(~stated, None)
    if by_content.len():
        line = line.scatter(stated.not_().arg_true(), by_content)
    return rows.with_columns(line=line)


def identified_work(accepted: pl.DataFrame, kind: str, detail: str) -> pl.DataFrame:
    """`identified` for rows of what was done: ``kind`` and ``detail`` name the columns that stand
    for the product, ``minutes`` for the quantity."""
    content = accepted.with_columns(
        product=kind, product_name=detail, quantity="minutes", amount=pl.lit(None)
    )
    return identified(content)


def _content_numbers(rows: pl.DataFrame) -> pl.Series:
    """A number from 2^32 up for each row: what people number by hand stays below."""
    if rows.height == 0:
        return pl.Series("line", [], dtype=pl.Int64)
    said = rows.select(
        "document",
        said=pl.concat_str(
            [pl.col(name).cast(pl.String).fill_null("") for name in _CONTENT], separator="\x1f"
        ),
    )
    nth = said.select(nth=pl.int_range(pl.len()).over("document", "said"))["nth"]
    numbers = [
        int.from_bytes(blake2b(f"{text}\x1f{n}".encode(), digest_size=8).digest(), "big")
        for text, n in zip(said["said"].to_list(), nth.to_list(), strict=True)
    ]
    spread = pl.Series("line", numbers, dtype=pl.UInt64) % (2**63 - 2**32) + 2**32
    return spread.cast(pl.Int64)
