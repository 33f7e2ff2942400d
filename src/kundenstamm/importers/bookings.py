"""What kind of entry a line is: from its sign, document, article and the column that says so."""

from __future__ import annotations

import polars as pl

from kundenstamm.worth.levels import Kind

Patterns = tuple[tuple[Kind, str], ...]

# Looked for in article number and text, in this order.
ARTICLES: Patterns = (
    (Kind.BONUS, r"(?i)^((jahres|umsatz)?bonus(gutschrift)?|rückvergütung)\b"),
    (Kind.REBATE, r"(?i)^(rebate|(jahres|mengen|treue)rabatt)\b"),
    (Kind.PROMOTION, r"(?i)^(aktionsrabatt|werbeaktion|promotion)\b"),
    (
        Kind.DISCOUNT,
        r"(?i)^(d$|(discount|(sonder|sofort|preis)?(rabatt|nachlass)|skonto|skontoabzug|abzug)\b)",
    ),
)
# Looked for in the column that says the kind of entry.
KINDS: Patterns = (
    (Kind.CREDIT_NOTE, r"(?i)gutschrift|storno|credit|cancel"),
    (Kind.RETURN, r"(?i)retoure|rückgabe|rücksendung|return|refund"),
    (Kind.BONUS, r"(?i)bonus"),
    (Kind.REBATE, r"(?i)rebate|jahresrabatt"),
    (Kind.PROMOTION, r"(?i)aktion|promotion"),
    (Kind.DISCOUNT, r"(?i)rabatt|skonto|nachlass|discount"),
)
_CREDIT_DOCUMENT = r"(?i)^(c\d|gs[-\s]?\d|gut|storno|st[-\s]?\d|cn[-\s]?\d|cr[-\s]?\d)"
_TEST_ARTICLE = (
    r"(?i)^test\d*$|^test[\s-]?(artikel|article|position|product|produkt)|^this is a test"
)
# Booked by hand and not sold: a correction when it has a customer, the firm's own without one.
_MANUAL = (
    r"(?i)^\s*((manual|adjust(ment)?\d*|korrektur(buchung)?|kulanz|bank charges|bankgebühr(en)?|"
    r"bad debt|forderungsausfall|wertberichtigung|ausbuchung|umbuchung|amazon ?fee|provision|"
    r"commission|cruk|differenz|rundung)\b|(samples?|muster)$)"
)


def kinds(amount: pl.Series, document: pl.Series, said: pl.Series, article: pl.Series,
          manual: pl.Series) -> pl.Series:  # fmt: skip
    """The kind of each line (`Kind`, Int16).

    ``said`` and ``article`` are kinds found by `looked_up`, ``manual`` tells lines booked by hand.
    A line that brings money is a sale, whatever its document is called, unless its article is a
    reduction taken back.
    """
    frame = pl.DataFrame(
        {
            "negative": (amount < 0).fill_null(False),
            "credit": document.str.contains(_CREDIT_DOCUMENT).fill_null(False) | manual,
            "article": article,
            "said": said,
        }
    )
    # Goods for a promotion are sold; a discount with a plus is one taken back.
    sold_too = pl.col("article") == int(Kind.PROMOTION)
    kind = (
        pl.when(pl.col("said").is_not_null() & pl.col("negative"))
        .then("said")
        .when(pl.col("article").is_not_null() & (pl.col("negative") | ~sold_too))
        .then("article")
        .when(pl.col("negative") & pl.col("credit"))
        .then(int(Kind.CREDIT_NOTE))
        .when("negative")
        .then(int(Kind.RETURN))
        .otherwise(int(Kind.SALE))
    )
    return frame.select(kind=kind.cast(pl.Int16))["kind"]


def looked_up(patterns: Patterns, *texts: pl.Series) -> pl.Series:
    """The first kind whose pattern fits one of the texts; null where none does."""
    found = pl.Series([None], dtype=pl.Int16).new_from_index(0, len(texts[0]))
    kind = pl.coalesce(
        pl.when(pl.col("text").str.contains(pattern)).then(int(kind)) for kind, pattern in patterns
    )
    for text in texts:
        here = _by_distinct(text, kind.cast(pl.Int16))
        found = (
            here if found.null_count() == len(found) else found.zip_with(found.is_not_null(), here)
        )
    return found


def manual(*texts: pl.Series) -> pl.Series:
    return _any(_MANUAL, texts)


def test_article(text: pl.Series) -> pl.Series:
    return _any(_TEST_ARTICLE, (text,))


def _any(pattern: str, texts: tuple[pl.Series, ...]) -> pl.Series:
    hit = pl.col("text").str.contains(pattern)
    found = [_by_distinct(text, hit).fill_null(False) for text in texts]
    return found[0] if len(found) == 1 else found[0] | found[1]


def _by_distinct(text: pl.Series, answer: pl.Expr) -> pl.Series:
    """Once per distinct text: a file has few articles and many rows."""
    rows = pl.DataFrame({"text": text})
    known = rows.unique().drop_nulls().select("text", answer=answer)
    return rows.join(known, on="text", how="left", maintain_order="left")["answer"]
