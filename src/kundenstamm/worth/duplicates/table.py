"""Rows as they are compared."""

from __future__ import annotations

from collections import Counter

import polars as pl

from kundenstamm.worth.duplicates import spelling

# What is given: texts as people wrote them; phones and mails in one spelling or as opaque keys
# of it (a blind index does), since only whole ones are compared.
COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.String, "name": pl.String, "street": pl.String, "postcode": pl.String,
    "city": pl.String, "vat": pl.String, "phones": pl.List(pl.String),
    "mails": pl.List(pl.String), "domains": pl.List(pl.String),
}  # fmt: skip
NEAR_POSTCODE, BEGINNING = 3, 4
# What more rows than these share says nothing of any two of them: a switchboard of a shopping
# centre, the mail of a provider nobody has thought of.
SHARED_BY_MOST = 4


def comparable(rows: pl.DataFrame, among: pl.DataFrame | None = None) -> pl.DataFrame:
    """Texts in one spelling, and what rows must share to be compared at all.

    The rarest word of a name comes first: names are told apart by how they begin, and else all
    that begin with a common trade would be alike.

    Parameters
    ----------
    rows
        `COLUMNS`; empty texts and lists where nothing is known.
    among
        The same, of the whole base: what is rare or shared is counted there; without it in
        ``rows``.

    Returns
    -------
    polars.DataFrame
        ``unique_id, core, lead, sound, street, postcode, near, city, vat`` (null where nothing is
        known), ``phones, mails, domains`` (lists, null where empty).
    """
    base = rows if among is None else among
    counts = Counter(word for name in base["name"] for word in spelling.words(name or ""))

    def rarest_first(name: str) -> str:
        return " ".join(sorted(spelling.words(name), key=lambda word: (counts[word], word)))

    text = rows.select(
        unique_id="id",
        core=_spelt("name", rarest_first),
        street=_spelt("street", spelling.street),
        postcode=_spelt("postcode", spelling.postcode),
        city=_spelt("city", spelling.core),
        vat=_spelt("vat", spelling.vat_id),
        **{name: _some(name, _shared(base[name])) for name in ("phones", "mails", "domains")},
    )
    core, near = pl.col("core"), pl.col("postcode").str.head(NEAR_POSTCODE)
    longest = core.str.split(" ").list.eval(
        pl.element().sort_by(pl.element().str.len_chars(), descending=True).first()
    )
    return text.with_columns(
        lead=longest.list.first().str.head(BEGINNING),
        sound=core.map_elements(_sounds, return_dtype=pl.String),
        near=near,
    )


def _spelt(column: str, spell: object) -> pl.Expr:
    found = pl.col(column).fill_null("").map_elements(spell, return_dtype=pl.String)  # type: ignore[arg-type]
    return pl.when(found != "").then(found)


def _shared(lists: pl.Series) -> list[str]:
    counted = lists.list.unique().explode().drop_nulls().value_counts()
    return counted.filter(pl.col("count") > SHARED_BY_MOST)[lists.name].to_list()


def _some(column: str, shared: list[str]) -> pl.Expr:
    found = pl.col(column).list.unique(maintain_order=True).list.set_difference(shared)
    return pl.when(found.list.len() > 0).then(found)


def _sounds(core: str) -> str:
    """How the words of a name sound, whatever their order."""
    return " ".join(sorted(spelling.sound(word) for word in core.split(" ")))
