"""Rows of a file of touches: which channel or campaign reached a customer on a day."""

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
TOUCH, ORIGIN = "touch", "origin"
# What the column with the kind may say, in the headers' normal form.
KINDS = {
    TOUCH: "touch beruehrung beruehrt kontakt erreicht reached contact",
    ORIGIN: "origin herkunft ursprung quelle source kam came",
}
_WORDS = {word: kind for kind, words in KINDS.items() for word in words.split()}


@dataclass(frozen=True)
class Known:
    """What a row can speak of, names in the headers' normal form.

    Numbers of customers; channels → their code; campaigns → their key, by code of the channel and
    name; campaigns by name alone → code and key, where one channel has it only.
    """

    customers: pl.Series
    channels: Map[str, str]
    campaigns: Map[tuple[str, str], int]
    alone: Map[str, tuple[str, int]]


def check(raw: Raw, mapping: Mapping, today: date, known: Known) -> Checked:
    """Part the rows of a file of touches.

    Returns
    -------
    Checked
        ``accepted``: ``row``, ``customer`` (a number), ``date``, ``channel`` (a code), ``campaign``
        (a key or null), ``kind`` (`TOUCH`, where none is said, or `ORIGIN`).

    Raises
    ------
    kundenstamm.importers.mapping.MappingError
        There is no column with the customer, the day, or a channel or campaign.
    """
    column = partial(mapping.checked(raw).column, raw)

    said = {name: cells.as_text(column(name)) for name in _FIELDS}
    rows = _rows(raw, said, column, known)
    named = {name: mapping.columns.get(name, "") for name in _FIELDS}
    return refuse(raw, rows, _doubts(said, rows, named, today, known))


_FIELDS = ("customer", "date", "channel", "campaign", "kind")


def _rows(
    raw: Raw, said: Map[str, pl.Series], column: Callable[[str], pl.Series], known: Known
) -> pl.DataFrame:
    """What the cells mean; null where that cannot be told."""
    pairs = zip(said["channel"].to_list(), said["campaign"].to_list(), strict=True)
    meant = [_meant(channel, campaign, known) for channel, campaign in pairs]
    kinds = [TOUCH if text is None else _WORDS.get(normal(text)) for text in said["kind"].to_list()]
    return pl.DataFrame(
        {
            "row": raw.frame[ROW],
            "customer": cells.without_point_zero(said["customer"]),
            "date": cells.as_date(column("date"), raw.dialect.date_order),
            "channel": pl.Series([code for code, _key in meant], dtype=pl.String),
            "campaign": pl.Series([key for _code, key in meant], dtype=pl.Int64),
            "kind": pl.Series(kinds, dtype=pl.String),
        }
    )


def _meant(
    channel: str | None, campaign: str | None, known: Known
) -> tuple[str | None, int | None]:
    """Code of the channel and key of the campaign; a campaign alone says which channel it is of."""
    if channel is None:
        return known.alone.get(normal(campaign or ""), (None, None))
    code = known.channels.get(normal(channel))
    return code, known.campaigns.get((code or "", normal(campaign or "")))


def _doubts(
    said: Map[str, pl.Series],
    rows: pl.DataFrame,
    named: Map[str, str],
    today: date,
    known: Known,
) -> list[Doubt]:
    here = known.customers.implode()
    no_channel = said["channel"].is_null()
    nothing = no_channel & said["campaign"].is_null()
    which = named["channel"] or named["campaign"]
    return [
        Doubt("no_customer", named["customer"], rows["customer"].is_null()),
        Doubt("unknown_customer", named["customer"], ~rows["customer"].is_in(here)),
        Doubt("no_date", named["date"], said["date"].is_null()),
        Doubt("bad_date", named["date"], rows["date"].is_null()),
        Doubt("far_date", named["date"], ~rows["date"].is_between(EARLIEST, today)),
        Doubt("no_reach", which, nothing),
        Doubt("unknown_channel", named["channel"], ~no_channel & rows["channel"].is_null()),
        Doubt("one_campaign", named["campaign"], no_channel & rows["channel"].is_null()),
        Doubt("unknown_campaign", named["campaign"],
              said["campaign"].is_not_null() & rows["campaign"].is_null()),
        Doubt("unknown_reach", named["kind"], rows["kind"].is_null()),
    ]  # fmt: skip
