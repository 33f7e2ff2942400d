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

    def column(name: str) -> pl.Series:
        named = mapping.columns.get(name)
        if named is None:
            return pl.Series([None], dtype=pl.String).new_from_index(0, raw.frame.height)
        return raw.frame[named]

    said = {name: cells.as_text(column(name)) for name in _TEXTS}
    minutes = cells.as_decimal(column("minutes"), raw.dialect.decimal)
    line = cells.as_decimal(column("line"), raw.dialect.decimal)
    kind, direction = _meant(said["kind"], KINDS), _meant(said["direction"], DIRECTIONS)
    person = said["author"].str.to_lowercase()
    rows = pl.DataFrame(
        {
            "row": raw.frame[ROW],
            "customer": cells.without_point_zero(cells.as_text(column("customer"))),
            "date": cells.as_date(column("date"), raw.dialect.date_order),
            "kind": kind,
            "direction": _directions(kind, direction),
            "reached": _reached(kind, said["reached"], minutes),
            "minutes": minutes,
            "note": said["note"],
            "author": person.replace_strict(
                dict(known.authors), default=None, return_dtype=pl.Int64
            ),
            "document": said["document"],
            "line": line.cast(pl.Int64, strict=False),
        }
    )
    named = {name: mapping.columns.get(name, "") for name in [*rows.columns, "reached"]}
    plain = rows["kind"].is_in(list(rules.WRITTEN_DOWN))
    doubts = [
        Doubt("no_customer", named["customer"], rows["customer"].is_null()),
        Doubt(
            "unknown_customer",
            named["customer"],
            ~rows["customer"].is_in(known.customers.implode()),
        ),
        Doubt("no_date", named["date"], cells.as_text(column("date")).is_null()),
        Doubt("bad_date", named["date"], rows["date"].is_null()),
        Doubt("far_date", named["date"], ~rows["date"].is_between(EARLIEST, today)),
        Doubt("unknown_interaction", named["kind"], kind.is_null()),
        Doubt(
            "unknown_direction",
            named["direction"],
            said["direction"].is_not_null() & direction.is_null(),
        ),
        Doubt(
            "bad_number",
            named["minutes"],
            cells.as_text(column("minutes")).is_not_null() & minutes.is_null(),
        ),
        Doubt("minutes_of_a_day", named["minutes"], ~minutes.is_between(0, rules.MOST_MINUTES)),
        Doubt("minutes_of_a_note", named["minutes"], plain & minutes.is_not_null()),
        Doubt("no_note", named["note"], plain & rows["note"].is_null()),
        Doubt("too_long", named["note"], rows["note"].str.len_chars() > rules.LONGEST_NOTE),
        Doubt(
            "unknown_author",
            named["author"],
            person.is_not_null() & ~person.is_in(list(known.authors)),
        ),
        Doubt(
            "bad_number",
            named["line"],
            cells.as_text(column("line")).is_not_null() & rows["line"].is_null(),
        ),
        Doubt("too_long", named["document"], rows["document"].str.len_chars() > 100),
    ]
    return refuse(raw, rows, doubts)


_TEXTS = ("kind", "direction", "reached", "note", "author", "document")


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
