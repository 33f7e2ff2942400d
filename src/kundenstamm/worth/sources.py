"""Where transactions come from: each kind of table, opened as an Ibis table.

Files and relations stay where they are and are read by DuckDB; frames are taken as they lie in
memory. An Ibis table of another engine stays on that engine, and so does what is made of it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kundenstamm.worth.tables import TableError

if TYPE_CHECKING:
    import ibis.expr.types as ir

TEXT = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz", ".csv.zst", ".tsv.zst")
KINDS = (
    "a path (.parquet or .csv, or a folder of Parquet files), an Arrow table, a Polars, pandas "
    "or DuckDB table, or an Ibis table"
)


def table_of(source: Any) -> ir.Table:
    """``source`` as an Ibis table.

    Raises
    ------
    TableError
        There is no such file, it is of another kind, or ``source`` is no table at all.
    """
    import ibis.expr.types as ir

    if isinstance(source, ir.Table):
        return source
    if isinstance(source, str | Path):
        return _of_path(Path(source))
    return _of_frame(source)


def _of_path(path: Path) -> ir.Table:
    import ibis

    if path.is_dir():
        return _of_folder(path)
    if not path.exists():
        raise TableError(f"There is no file {str(path)!r}. Check the path.")
    if path.suffix.lower() == ".parquet":
        return _opened(ibis.read_parquet, path, path)
    if path.name.lower().endswith(TEXT):
        return _opened(ibis.read_csv, path, path)
    raise TableError(
        f"The file {path.name!r} is of a kind that is not read: {path.suffix or 'no ending'}. "
        "Save it as .parquet or .csv, or read it into a frame first."
    )


def _of_folder(path: Path) -> ir.Table:
    """What Spark and others write: many Parquet files, in folders by partition or without."""
    import ibis

    if next(path.rglob("*.parquet"), None) is None:
        raise TableError(f"The folder {str(path)!r} has no .parquet file. Check the path.")
    return _opened(ibis.read_parquet, path, path / "**" / "*.parquet")


def _opened(reader: Callable[[Path], ir.Table], path: Path, pattern: Path) -> ir.Table:
    import duckdb

    try:
        return reader(pattern)
    except duckdb.Error as broken:
        raise TableError(
            f"The file {str(path)!r} cannot be read: {str(broken).splitlines()[0]} "
            "Check that it is whole and of the kind its ending says."
        ) from broken


def _of_frame(source: Any) -> ir.Table:
    import ibis

    if hasattr(source, "sparkSession"):
        raise TableError(
            "A Spark frame stays on its cluster: connect with ibis.pyspark.connect(session), and "
            "give the table of that connection (see docs/guide/spark.md)."
        )
    if hasattr(source, "to_arrow_table"):  # a DuckDB relation
        source = source.to_arrow_table()
    if hasattr(source, "read_all"):  # an Arrow stream
        source = source.read_all()
    if hasattr(source, "collect"):  # a lazy Polars frame
        source = source.collect()
    if not hasattr(source, "columns") and not hasattr(source, "schema"):
        raise TableError(f"That is no table but {type(source).__name__!r}. Give {KINDS}.")
    return ibis.memtable(source)
