"""Customers that are there twice: found by the model, by the very name, by the distance of names.

Usage: python benchmarks/duplicates.py [COMPANIES …]

Seeded bases of ``kundenstamm.worth.synthetic.doubles`` (seeds 301 and on; the weights were set
while looking at seed 7): a twentieth of the companies entered twice, with misspellings, other
legal forms, another order of the words, missing and changed phones, streets and mail addresses;
among them namesakes, neighbours under one roof and companies behind one switchboard.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import polars as pl

from kundenstamm.worth.duplicates import model, spelling
from kundenstamm.worth.synthetic.doubles import base

SIZES = (300, 3_000, 20_000)
SEED = 301
# Larger bases are not compared name by name: it takes squared time.
AT_MOST = 20_000
Pairs = set[frozenset[str]]


def main() -> None:
    sizes = [int(said) for said in sys.argv[1:]] or SIZES
    print(f"{'companies':>9}  {'by':<34}{'found':>7}{'precision':>11}{'recall':>8}{'seconds':>9}")
    for number, size in enumerate(sizes):
        rows, truth = base(size, SEED + number)
        for name, find in ways(size).items():
            began = time.perf_counter()
            found = find(rows)
            took = time.perf_counter() - began
            right = len(found & truth)
            precision = right / len(found) if found else float("nan")
            print(
                f"{size:>9}  {name:<34}{len(found):>7}{precision:>11.3f}"
                f"{right / len(truth):>8.3f}{took:>9.1f}"
            )


def ways(size: int) -> dict[str, Callable[[pl.DataFrame], Pairs]]:
    found: dict[str, Callable[[pl.DataFrame], Pairs]] = {
        "the very name": lambda rows: same(rows, "name"),
        "name and postcode, folded": folded,
    }
    if size <= AT_MOST:
        found["distance of names ≥ 0.92, one place"] = distant
    return found | {
        f"model, from {threshold} on": lambda rows, threshold=threshold: _pairs(
            model.pairs(rows, threshold=threshold).select("first", "second")
        )
        for threshold in (model.THRESHOLD, 0.8, 0.98)
    }


def same(rows: pl.DataFrame, *by: str) -> Pairs:
    other = rows.select("id", *by)
    both = rows.select("id", *by).join(other, on=by, suffix="_other")
    return _pairs(both.filter(pl.col("id") < pl.col("id_other")).select("id", "id_other"))


def folded(rows: pl.DataFrame) -> Pairs:
    core = pl.col("name").map_elements(spelling.core, return_dtype=pl.String)
    return same(rows.with_columns(name=core), "name", "postcode")


def distant(rows: pl.DataFrame) -> Pairs:
    """Jaro and Winkler's, of names in small letters, within a place."""
    import duckdb

    texts = rows.select("id", "city", name=pl.col("name").str.to_lowercase())
    with duckdb.connect() as connection:
        connection.register("texts", texts.to_arrow())
        found = connection.execute(
            "SELECT one.id, other.id AS id_other FROM texts AS one JOIN texts AS other"
            " ON one.city = other.city AND one.id < other.id"
            " WHERE jaro_winkler_similarity(one.name, other.name) >= 0.92"
        ).fetchall()
    return {frozenset(pair) for pair in found}


def _pairs(table: pl.DataFrame) -> Pairs:
    return {frozenset(pair) for pair in table.rows()}


if __name__ == "__main__":
    main()
