"""Rows of a customer file."""

from __future__ import annotations

import polars as pl

from kundenstamm.importers import cells
from kundenstamm.importers.checked import Checked, Doubt, refuse
from kundenstamm.importers.files import Raw
from kundenstamm.importers.files.reading import ROW
from kundenstamm.importers.mapping import Mapping

TEXTS = (
    "customer_name", "trade", "country", "region", "postcode", "city", "street", "contact",
    "email", "phone", "representative", "supplied_by", "channel",
)  # fmt: skip
# Longest text each column of the database takes.
LENGTHS = {"customer": 60, "customer_name": 200, "phone": 60, "street": 200}

_LINKS = {
    "wholesaler": r"(?i)gro(ß|ss)h(ä|ae)nd|gro(ß|ss)handel|wholesale",
    "agent": r"(?i)vermittler|handelsvertret|agent|makler|broker",
    "dealer": r"(?i)h(ä|ae)ndler|^handel$|fachhandel|dealer|reseller|retail",
    "end_customer": r"(?i)endkund|verbraucher|end.?(customer|user)|consumer|kunde",
}
_PERSON = r"(?i)privat|person|verbraucher|consumer|b2c"
_MAIL = r"^[^@\s]+@[^@\s]+\.[^@\s.]+$"


def check(raw: Raw, mapping: Mapping) -> Checked:
    """Part the rows of a customer file.

    Returns
    -------
    Checked
        ``accepted``: ``row``, ``customer`` (the number), ``kind`` (``company``, ``person`` or
        null), ``link`` (a value of ``customers.Link`` or null), ``since``, and the texts.

    Raises
    ------
    kundenstamm.importers.mapping.MappingError
        There is no column with the customer's number.
    """
    mapping = mapping.checked(raw)

    def text(name: str) -> pl.Series:
        column = mapping.columns.get(name)
        if column is None:
            return pl.Series([None], dtype=pl.String).new_from_index(0, raw.frame.height)
        found = cells.as_text(raw.frame[column])
        return cells.without_point_zero(found) if name == "customer" else found

    texts = {name: text(name) for name in ("customer", *TEXTS)}
    link_said, since_said = text("link"), text("since")
    link = _link(link_said)
    since = _since(raw, mapping, since_said)
    rows = pl.DataFrame(
        {"row": raw.frame[ROW], "link": link, "kind": _kind(text("kind")), "since": since} | texts
    )
    column = mapping.columns.get
    doubts = [
        Doubt("no_number", column("customer", ""), texts["customer"].is_null()),
        Doubt("twice", column("customer", ""), ~texts["customer"].is_first_distinct()),
        *(
            Doubt("too_long", column(name, ""), found.str.len_chars() > LENGTHS.get(name, 100))
            for name, found in texts.items()
        ),
        Doubt("bad_mail", column("email", ""), ~texts["email"].str.contains(_MAIL)),
        Doubt("unknown_link", column("link", ""), link_said.is_not_null() & link.is_null()),
        Doubt("bad_date", column("since", ""), since_said.is_not_null() & since.is_null()),
    ]
    return refuse(raw, rows, doubts)


def _since(raw: Raw, mapping: Mapping, said: pl.Series) -> pl.Series:
    column = mapping.columns.get("since")
    cells_of = raw.frame[column] if column else said
    return cells.as_date(cells_of, raw.dialect.date_order)


def _link(said: pl.Series) -> pl.Series:
    by_words = [pl.when(pl.col("said").str.contains(p)).then(pl.lit(k)) for k, p in _LINKS.items()]
    return pl.DataFrame({"said": said}).select(link=pl.coalesce(*by_words))["link"]


def _kind(said: pl.Series) -> pl.Series:
    person = pl.col("said").str.contains(_PERSON)
    kind = pl.when(person).then(pl.lit("person")).otherwise(pl.lit("company"))
    known = pl.when(pl.col("said").is_not_null()).then(kind)
    return pl.DataFrame({"said": said}).select(kind=known)["kind"]
