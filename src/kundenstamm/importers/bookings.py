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
    (Kind.CREDIT_NOTE, r"(?i)gutschrift|storno|credit|cancel|^(h|haben)$"),
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


def kinds(
    amount: pl.Series, document: pl.Series, said: pl.Series, article: pl.DataFrame
) -> pl.Series:
    """The kind of each line (`Kind`, Int16).

    ``said`` and ``article`` come from the functions below.
    A line that brings money is a sale, whatever its document is called, unless its article is a
    reduction taken back.
    """
    frame = pl.DataFrame(
        {
            "negative": (amount < 0).fill_null(False),
            "credit": document.str.contains(_CREDIT_DOCUMENT).fill_null(False) | article["manual"],
            "article": article["kind"],
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


def said(text: pl.Series) -> pl.Series:
    """The kind that the column for it names; null where it names none of these."""
    return _by_distinct(text, kind=_first_of(KINDS))["kind"]


def articles(number: pl.Series, name: pl.Series) -> pl.DataFrame:
    """What number and name tell: ``kind``, ``manual``, ``test_number`` and ``test_name``.

    ``kind`` is null for goods; ``manual`` are bookings by hand, tests are for trying out.
    """
    answers = {
        "kind": _first_of(ARTICLES),
        "manual": pl.col("text").str.contains(_MANUAL),
        "test": pl.col("text").str.contains(_TEST_ARTICLE),
    }
    by_number, by_name = _by_distinct(number, **answers), _by_distinct(name, **answers)
    return pl.DataFrame(
        {
            "kind": by_number["kind"].zip_with(by_number["kind"].is_not_null(), by_name["kind"]),
            "manual": by_number["manual"].fill_null(False) | by_name["manual"].fill_null(False),
            "test_number": by_number["test"].fill_null(False),
            "test_name": by_name["test"].fill_null(False),
        }
    )


def _first_of(patterns: Patterns) -> pl.Expr:
    fits = (pl.when(pl.col("text").str.contains(p)).then(int(kind)) for kind, p in patterns)
    return pl.coalesce(*fits).cast(pl.Int16)


def _by_distinct(text: pl.Series, **answers: pl.Expr) -> pl.DataFrame:
    """Once per distinct text: a file has few articles and many rows."""
    rows = pl.DataFrame({"text": text})
    known = rows.unique().drop_nulls().select("text", **answers)
    return rows.join(known, on="text", how="left", maintain_order="left")
