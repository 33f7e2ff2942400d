"""Rows of a file of spending: what a channel took on a day, money and hours."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import date
from functools import partial

import polars as pl

from kundenstamm.importers import cells
from kundenstamm.importers.checked import Checked, Doubt, refuse
from kundenstamm.importers.fields import normal
from kundenstamm.importers.files import Raw
from kundenstamm.importers.files.reading import ROW
from kundenstamm.importers.mapping import Mapping

EARLIEST = date(1970, 1, 1)
LARGEST = 10_000_000_000
# More hours than a file's row can mean.
MOST_HOURS = 100_000
LONGEST_WHAT = 200


@dataclass(frozen=True)
class Known:
    """What a row can speak of, by their names in the headers' normal form.

    Channels → their code; campaigns → their key, by code of the channel and name; pools → name.
    """

    channels: Map[str, str]
    campaigns: Map[tuple[str, str], int]
    pools: Map[str, str]


def check(raw: Raw, mapping: Mapping, today: date, known: Known) -> Checked:
    """Part the rows of a file of spending.

    Returns
    -------
    Checked
        ``accepted``: ``row``, ``channel`` (a code), ``date``, ``amount`` and ``hours`` (Decimal(18,
        4), 0 where none is said), ``pool`` (a name), ``campaign`` (a key), ``what``, ``document``,
        ``line``.

    Raises
    ------
    kundenstamm.importers.mapping.MappingError
        There is no column with the channel, the day, or an amount or hours.
    """
    column = partial(mapping.checked(raw).column, raw)

    said = {name: cells.as_text(column(name)) for name in _FIELDS}
    rows = _rows(raw, said, column, known)
    named = {name: mapping.columns.get(name, "") for name in _FIELDS}
    return refuse(raw, rows, _doubts(said, rows, named, today))


_FIELDS = ("date", "channel", "campaign", "amount", "hours", "pool", "what", "document", "line")


def _rows(
    raw: Raw, said: Map[str, pl.Series], column: Callable[[str], pl.Series], known: Known
) -> pl.DataFrame:
    """What the cells mean; null where that cannot be told."""
    channel = _meant(said["channel"], known.channels)
    pairs = zip(channel.to_list(), said["campaign"].to_list(), strict=True)
    found = [known.campaigns.get((of or "", normal(text or ""))) for of, text in pairs]

    def numbers(name: str) -> pl.Series:
        return cells.as_decimal(column(name), raw.dialect.decimal)

    def or_none(name: str) -> pl.Series:
        return numbers(name).set(said[name].is_null(), 0)

    return pl.DataFrame(
        {
            "row": raw.frame[ROW],
            "channel": channel,
            "date": cells.as_date(column("date"), raw.dialect.date_order),
            "amount": or_none("amount"),
            "hours": or_none("hours"),
            "pool": _meant(said["pool"], known.pools),
            "campaign": pl.Series(found, dtype=pl.Int64),
            "what": said["what"],
            "document": said["document"],
            "line": numbers("line").cast(pl.Int64, strict=False),
        }
    )


def _doubts(
    said: Map[str, pl.Series], rows: pl.DataFrame, named: Map[str, str], today: date
) -> list[Doubt]:
    def unread(name: str) -> pl.Series:
        return said[name].is_not_null() & rows[name].is_null()

    nothing = (rows["amount"] == 0) & (rows["hours"] == 0)
    negative = (rows["amount"] < 0) | (rows["hours"] < 0)
    return [
        Doubt("no_channel", named["channel"], said["channel"].is_null()),
        Doubt("unknown_channel", named["channel"], rows["channel"].is_null()),
        Doubt("no_date", named["date"], said["date"].is_null()),
        Doubt("bad_date", named["date"], rows["date"].is_null()),
        Doubt("far_date", named["date"], ~rows["date"].is_between(EARLIEST, today)),
        Doubt("bad_number", named["amount"], unread("amount")),
        Doubt("bad_number", named["hours"], unread("hours")),
        Doubt("nothing_spent", named["amount"] or named["hours"], nothing | negative),
        Doubt("too_large", named["amount"], rows["amount"] > LARGEST),
        Doubt("too_large", named["hours"], rows["hours"] > MOST_HOURS),
        Doubt("unknown_campaign", named["campaign"], unread("campaign")),
        Doubt("unknown_pool", named["pool"], unread("pool")),
        Doubt("bad_number", named["line"], unread("line")),
        Doubt("too_long", named["what"], rows["what"].str.len_chars() > LONGEST_WHAT),
        Doubt("too_long", named["document"], rows["document"].str.len_chars() > 100),
    ]


def _meant(said: pl.Series, vocabulary: Map[str, str]) -> pl.Series:
    """Each cell's name as one that is known; null where it is none."""
    found = {cell: vocabulary.get(normal(cell)) for cell in said.drop_nulls().unique().to_list()}
    return said.replace_strict(found, default=None, return_dtype=pl.String)
