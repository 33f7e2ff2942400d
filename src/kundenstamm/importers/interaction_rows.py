"""Rows of a file of interactions: visits, calls, mails, complaints, notes."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import date

import polars as pl

from kundenstamm.care import rules
from kundenstamm.importers import cells
from kundenstamm.importers.checked import Checked, Doubt, refuse
from kundenstamm.importers.fields import normal
from kundenstamm.importers.files import Raw
from kundenstamm.importers.files.reading import ROW
from kundenstamm.importers.mapping import Mapping

EARLIEST = date(1970, 1, 1)
# What other systems call them, in the headers' normal form (see `fields.normal`).
KINDS = {
    "visit": "visit besuch kundenbesuch termin aussendienst meeting",
    "call": "call phonecall telefonat anruf telefon phone",
    "mail": "mail email brief nachricht letter",
    "support": "support unterstuetzung service kundendienst hilfe ticket",
    "complaint": "complaint reklamation beschwerde beanstandung",
    "note": "note notiz vermerk bemerkung kommentar memo",
    "rival": "rival rivalseen wettbewerber mitbewerber wettbewerb konkurrenz competitor",
}
DIRECTIONS = {
    "we": "we wir out outgoing outbound ausgehend vonuns fromus",
    "they": "they sie in incoming inbound eingehend vomkunden kunde fromthem customer",
}
YES = frozenset({"ja", "yes", "true", "wahr", "1", "x", "j", "y", "erreicht", "reached"})


@dataclass(frozen=True)
class Known:
    """What a row can speak of: customers' numbers, and people.

    These by mail address or representative's code in small letters; None: one without an account.
    """

    customers: pl.Series
    authors: Map[str, int | None]


def check(raw: Raw, mapping: Mapping, today: date, known: Known) -> Checked:
    """Part the rows of a file of interactions.

    Returns
    -------
    Checked
        ``accepted``: ``row``, ``customer``, ``date``, ``kind``, ``direction``, ``reached``,
        ``minutes`` (null: nobody stopped them), ``note``, ``author`` (an account's id or null),
        ``document``, ``line``.

    Raises
    ------
    kundenstamm.importers.mapping.MappingError
        There is no column with the customer, the day or the kind.
    """
    mapping = mapping.checked(raw)
    said = _said(raw, mapping)
    rows = _rows(raw, mapping, said, known)
    named = {name: mapping.columns.get(name, "") for name in said}
    return refuse(raw, rows, [*_unclear(said, rows, named, known), *_unfit(rows, named, today)])


def _column(raw: Raw, mapping: Mapping, name: str) -> pl.Series:
    named = mapping.columns.get(name)
    if named is None:
        return pl.Series([None], dtype=pl.String).new_from_index(0, raw.frame.height)
    return raw.frame[named]


def _said(raw: Raw, mapping: Mapping) -> dict[str, pl.Series]:
    """Every field's cells as text."""
    return {name: cells.as_text(_column(raw, mapping, name)) for name in _FIELDS}


def _rows(raw: Raw, mapping: Mapping, said: Map[str, pl.Series], known: Known) -> pl.DataFrame:
    """What the cells mean; null where that cannot be told."""
    kind, direction = _meant(said["kind"], KINDS), _meant(said["direction"], DIRECTIONS)
    minutes = cells.as_decimal(_column(raw, mapping, "minutes"), raw.dialect.decimal)
    line = cells.as_decimal(_column(raw, mapping, "line"), raw.dialect.decimal)
    authors = said["author"].str.to_lowercase()
    return pl.DataFrame(
        {
            "row": raw.frame[ROW],
            "customer": cells.without_point_zero(said["customer"]),
            "date": cells.as_date(_column(raw, mapping, "date"), raw.dialect.date_order),
            "kind": kind,
            "direction": _directions(kind, direction),
            "reached": _reached(kind, said["reached"], minutes),
            "minutes": minutes,
            "note": said["note"],
            "author": authors.replace_strict(
                dict(known.authors), default=None, return_dtype=pl.Int64
            ),
            "document": said["document"],
            "line": line.cast(pl.Int64, strict=False),
        }
    )


def _unclear(
    said: Map[str, pl.Series], rows: pl.DataFrame, named: Map[str, str], known: Known
) -> list[Doubt]:
    """Cells that are missing, or that nobody understands."""

    def unread(name: str) -> pl.Series:
        return said[name].is_not_null() & rows[name].is_null()

    directions, authors = said["direction"], said["author"].str.to_lowercase()
    unknown = ~rows["customer"].is_in(known.customers.implode())
    aimless = directions.is_not_null() & _meant(directions, DIRECTIONS).is_null()
    strange = authors.is_not_null() & ~authors.is_in(list(known.authors))
    return [
        Doubt("no_customer", named["customer"], rows["customer"].is_null()),
        Doubt("unknown_customer", named["customer"], unknown),
        Doubt("no_date", named["date"], said["date"].is_null()),
        Doubt("bad_date", named["date"], rows["date"].is_null()),
        Doubt("unknown_interaction", named["kind"], rows["kind"].is_null()),
        Doubt("unknown_direction", named["direction"], aimless),
        Doubt("bad_number", named["minutes"], unread("minutes")),
        Doubt("unknown_author", named["author"], strange),
        Doubt("bad_number", named["line"], unread("line")),
    ]


def _unfit(rows: pl.DataFrame, named: Map[str, str], today: date) -> list[Doubt]:
    """Values that cannot be, or not with this kind."""
    plain = rows["kind"].is_in(list(rules.WRITTEN_DOWN))
    too_many = ~rows["minutes"].is_between(0, rules.MOST_MINUTES)
    return [
        Doubt("far_date", named["date"], ~rows["date"].is_between(EARLIEST, today)),
        Doubt("minutes_of_a_day", named["minutes"], too_many),
        Doubt("minutes_of_a_note", named["minutes"], plain & rows["minutes"].is_not_null()),
        Doubt("no_note", named["note"], plain & rows["note"].is_null()),
        Doubt("too_long", named["note"], rows["note"].str.len_chars() > rules.LONGEST_NOTE),
        Doubt("too_long", named["document"], rows["document"].str.len_chars() > 100),
    ]


_FIELDS = (
    "customer", "date", "kind", "direction", "reached", "minutes", "note", "author", "document",
    "line",
)  # fmt: skip


def _meant(said: pl.Series, vocabulary: Map[str, str]) -> pl.Series:
    """Each cell's word as one of ours; null where it is none."""
    meant = {word: ours for ours, words in vocabulary.items() for word in words.split()}
    different = said.drop_nulls().unique().to_list()
    found = {cell: meant.get(normal(cell)) for cell in different}
    return said.replace_strict(found, default=None, return_dtype=pl.String)


def _directions(kind: pl.Series, direction: pl.Series) -> pl.Series:
    """Other systems say of every row who began; here only where it is asked."""
    return direction.set(~kind.is_in(list(rules.MAY_REACH)).fill_null(False), None).fill_null("")


def _reached(kind: pl.Series, said: pl.Series, minutes: pl.Series) -> pl.Series:
    """As the file says; where it does not, a call that took time was answered."""
    answers = {cell: normal(cell) in YES for cell in said.drop_nulls().unique().to_list()}
    told = said.replace_strict(answers, default=None, return_dtype=pl.Boolean)
    talked = ((kind == "call") & (minutes > 0)).fill_null(False)
    whole = told.set(told.is_null(), None).to_frame("told").with_columns(talked=talked, kind=kind)
    return whole.select(
        reached=pl.when(pl.col("kind").is_in(list(rules.ALWAYS_REACHED)))
        .then(True)
        .when(pl.col("kind").is_in(list(rules.MAY_REACH)))
        .then(pl.coalesce("told", "talked"))
        .otherwise(False)
    )["reached"]
