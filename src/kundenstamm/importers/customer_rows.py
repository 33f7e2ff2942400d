"""Rows of a customer file."""

from __future__ import annotations

from collections.abc import Set

import polars as pl

from kundenstamm.importers import cells
from kundenstamm.importers.checked import Checked, Doubt, refuse
from kundenstamm.importers.files import Raw
from kundenstamm.importers.files.reading import ROW
from kundenstamm.importers.mapping import Mapping
from kundenstamm.worth.chain.links import Growing

TEXTS = (
    "customer_name", "trade", "country", "region", "postcode", "city", "street", "contact",
    "email", "phone", "function", "salutation", "mention", "representative", "supplied_by",
    "channel", "vat_id",
)  # fmt: skip
# Longest text each column of the database takes.
LENGTHS = {
    "customer": 60,
    "customer_name": 200,
    "phone": 60,
    "street": 200,
    "mention": 2_000,
    "vat_id": 20,
}

_LINKS = {
    "wholesaler": r"(?i)gro(ß|ss)h(ä|ae)nd|gro(ß|ss)handel|wholesale",
    "agent": r"(?i)vermittler|handelsvertret|agent|makler|broker",
    "dealer": r"(?i)h(ä|ae)ndler|^handel$|fachhandel|dealer|reseller|retail",
    "end_customer": r"(?i)endkund|verbraucher|end.?(customer|user)|consumer|kunde",
}
_ROLES = {
    "initiator": r"(?i)initiator|anreger",
    "decider": r"(?i)entscheid|inhaber|gesch(ä|ae)ftsf(ü|ue)hr|decider|decision|owner|managing",
    "buyer": r"(?i)eink(a|ä|ae)uf|buyer|purchas",
    "influencer": r"(?i)beeinfluss|berater|influencer",
    "user": r"(?i)anwender|nutzer|\buser|end.?user",
    "gatekeeper": r"(?i)t(ü|ue)rh(ü|ue)ter|gatekeeper|vorzimmer|assistenz|sekretariat",
    "payer": r"(?i)buchhalt|kreditoren|payable|accounting|zahl",
}
_LANGUAGES = {
    "de": r"(?i)^(de|deutsch|german)", "en": r"(?i)^(en|engl)", "fr": r"(?i)^(fr|franz|french)",
    "it": r"(?i)^(it|ital)", "es": r"(?i)^(es|span|spanisch)", "nl": r"(?i)^(nl|nieder|dutch|holl)",
    "pl": r"(?i)^(pl|poln|polish)", "cs": r"(?i)^(cs|cz|tschech)", "da": r"(?i)^(da|dk|dän|dan)",
    "tr": r"(?i)^(tr|türk|turk|tuerk)",
}  # fmt: skip
_NO = r"(?i)^(0|n|nein|no|false|falsch|-)$"
_NEVER = r"(?i)kontaktsperre|nicht kontakt|do not contact|all"
_PERSON = r"(?i)privat|person|verbraucher|consumer|b2c"
_MAIL = r"^[^@\s]+@[^@\s]+\.[^@\s.]+$"


def check(raw: Raw, mapping: Mapping, links: Set[tuple[str, str]] = frozenset()) -> Checked:
    """Part the rows of a customer file.

    Parameters
    ----------
    links
        Numbers of supplier and supplied of each link of the chain that is there.

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
        if name != "customer":
            return found
        # Prospects often have no number yet: then they are known by their name.
        by_name = column == mapping.columns.get("customer_name")
        return (
            found.str.slice(0, LENGTHS["customer"]) if by_name else cells.without_point_zero(found)
        )

    texts = {name: text(name) for name in ("customer", *TEXTS)}
    link_said, since_said = text("link"), text("since")
    link = _first(link_said, _LINKS)
    since = _since(raw, mapping, since_said)
    rows = pl.DataFrame(
        {"row": raw.frame[ROW], "link": link, "kind": _kind(text("kind")), "since": since}
        | {"roles": _roles(text("contact_role")), "language": _first(text("language"), _LANGUAGES)}
        | {"objection": _objection(text("objection"))}
        | texts
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
        Doubt("circle", column("supplied_by", ""), _closing(texts, links)),
    ]
    return refuse(raw, rows, doubts)


def _closing(texts: dict[str, pl.Series], links: Set[tuple[str, str]]) -> pl.Series:
    """Rows whose supplier is supplied by the customer already, by a detour or at once."""
    chain = Growing(links)
    pairs = zip(texts["supplied_by"], texts["customer"], strict=True)
    found = [bool(upper and lower) and not chain.add(upper, lower) for upper, lower in pairs]
    return pl.Series("circle", found, dtype=pl.Boolean)


def _since(raw: Raw, mapping: Mapping, said: pl.Series) -> pl.Series:
    column = mapping.columns.get("since")
    cells_of = raw.frame[column] if column else said
    return cells.as_date(cells_of, raw.dialect.date_order)


def _first(said: pl.Series, words: dict[str, str]) -> pl.Series:
    """The first value whose words are in a text; null where none are."""
    by_words = [pl.when(pl.col("said").str.contains(p)).then(pl.lit(k)) for k, p in words.items()]
    return pl.DataFrame({"said": said}).select(found=pl.coalesce(*by_words))["found"]


def _roles(said: pl.Series) -> pl.Series:
    """All parts in the decision that a text names, with commas between them."""
    each = [pl.when(pl.col("said").str.contains(p)).then(pl.lit(k)) for k, p in _ROLES.items()]
    named = pl.concat_str(each, separator=",", ignore_nulls=True)
    found = pl.DataFrame({"said": said}).select(named=named)["named"]
    return found.set(found == "", None)


def _objection(said: pl.Series) -> pl.Series:
    """Any mark but a no is an objection: to advertising, unless it says to everything."""
    told = pl.col("said")
    kind = pl.when(told.str.contains(_NEVER)).then(pl.lit("all")).otherwise(pl.lit("advertising"))
    marked = pl.when(told.is_not_null() & ~told.str.contains(_NO)).then(kind)
    return pl.DataFrame({"said": said}).select(marked=marked)["marked"]


def _kind(said: pl.Series) -> pl.Series:
    person = pl.col("said").str.contains(_PERSON)
    kind = pl.when(person).then(pl.lit("person")).otherwise(pl.lit("company"))
    known = pl.when(pl.col("said").is_not_null()).then(kind)
    return pl.DataFrame({"said": said}).select(kind=known)["kind"]
