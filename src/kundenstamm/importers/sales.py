"""Sales lines: from the file's columns to entries of the ledger, row by row accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from kundenstamm.importers import cells
from kundenstamm.importers.cells import Decimal4
from kundenstamm.importers.checked import Checked, Doubt, refuse
from kundenstamm.importers.files import Raw
from kundenstamm.importers.files.reading import EXTRA
from kundenstamm.importers.mapping import Mapping
from kundenstamm.worth.levels import Kind

# A single line beyond this is a slipped decimal comma (and would not fit the ledger's column).
LARGEST = Decimal(10) ** 10
EARLIEST = date(1970, 1, 1)
# Documents may be dated a little ahead, deliveries agreed for next week say.
AHEAD = timedelta(days=31)

_TEXTS = (
    "customer_name", "product", "product_name", "category", "country", "region", "city",
    "postcode", "representative", "channel",
)  # fmt: skip

# Looked for in article number and text, in this order.
_ARTICLES: tuple[tuple[Kind, str], ...] = (
    (Kind.BONUS, r"(?i)^(bonus|jahresbonus|umsatzbonus|bonusgutschrift|rückvergütung)"),
    (Kind.REBATE, r"(?i)^(rebate|jahresrabatt|mengenrabatt|treuerabatt)"),
    (Kind.PROMOTION, r"(?i)^(aktionsrabatt|werbeaktion|promotion)"),
    (Kind.DISCOUNT, r"(?i)^(d$|discount|rabatt|skonto|nachlass|preisnachlass|abzug)"),
)
_CREDIT_DOCUMENT = r"(?i)^(c\d|gs[-\s]?\d|gut|storno|st[-\s]?\d|cn[-\s]?\d|cr[-\s]?\d)"
_KIND_WORDS: tuple[tuple[Kind, str], ...] = (
    (Kind.CREDIT_NOTE, r"(?i)gutschrift|storno|credit"),
    (Kind.RETURN, r"(?i)retoure|rückgabe|rücksendung|return|refund"),
    (Kind.BONUS, r"(?i)bonus"),
    (Kind.REBATE, r"(?i)rebate|jahresrabatt"),
    (Kind.PROMOTION, r"(?i)aktion|promotion"),
    (Kind.DISCOUNT, r"(?i)rabatt|skonto|nachlass|discount"),
)
_TEST_ARTICLE = r"(?i)^test\d*$|^test(artikel|article|position)"
_TOTAL_WORDS = r"(?i)^(gesamt|summe|total|grand total|sum|zwischensumme|endsumme|gesamtsumme):?$"


@dataclass(frozen=True)
class Rules:
    """What the check needs to know of the company and the day."""

    today: date
    currency: str = "EUR"


def check(raw: Raw, mapping: Mapping, rules: Rules) -> Checked:
    """Part the file's rows into accepted lines and refused ones.

    Parameters
    ----------
    raw, mapping
        The file, and which column is which field.
    rules
        Today (for dates in the future) and the company's currency.

    Returns
    -------
    Checked
        ``accepted``: ``row``, ``customer``, ``date``, ``kind`` (int16, `Kind`), ``amount``
        (Decimal(18, 4), signed as it acts on profit, company currency, before ``discount``),
        ``discount`` (not positive, null if none), ``cost`` (of the goods, as an entry of kind COGS
        would have it: negative for a sale; null if not in the file), ``quantity``, ``document``
        and ``line`` (null if the file has none), ``currency`` and ``original_amount`` (null
        unless converted), and the texts.

    Raises
    ------
    kundenstamm.importers.mapping.MappingError
        A needed field has no column.
    """
    reading = _Reading(raw, mapping.checked(raw), rules)
    return refuse(raw, reading.rows(), reading.doubts(), reading.net)


def stated_currency(raw: Raw, mapping: Mapping) -> str:
    """The currency that most lines state; empty where the file states none."""
    column = mapping.columns.get("currency")
    if column is None:
        return ""
    stated = _codes(cells.as_text(raw.frame[column])).drop_nulls()
    return str(stated.mode(maintain_order=True)[0]) if stated.len() else ""


class _Reading:
    """One file's columns as values, and what is doubtful about them."""

    def __init__(self, raw: Raw, mapping: Mapping, rules: Rules) -> None:
        self.raw, self.mapping, self.rules = raw, mapping, rules
        self.customer = self._text("customer")
        self.date = cells.as_date(self._cells("date"), raw.dialect.date_order)
        self.quantity = self._number("quantity")
        self.price = self._number("price")
        self.texts = {name: self._text(name) for name in (*_TEXTS, "document", "kind", "currency")}
        self.rate = self._number("rate")
        self._read_money()

    def _read_money(self) -> None:
        stated = self._number("amount")
        self.stated = stated if "amount" in self.mapping.columns else self.quantity * self.price
        original = self.stated.cast(pl.Decimal(38, 4))
        foreign = self._foreign() & (self.rate > 0).fill_null(False)
        factor = self.rate.set(~foreign, Decimal(1)).fill_null(Decimal(1))
        self.original = original.set(~foreign, None)
        self.discount = self._discount(original) * factor
        self.amount = original * factor
        self.net = (self.amount + self.discount.fill_null(Decimal(0))).set(self._beyond(), None)

    def _discount(self, gross: pl.Series) -> pl.Series:
        """Only beside a price: a stated net amount has its discount taken off already."""
        nothing = gross.set(pl.Series([True]).new_from_index(0, len(gross)), None)
        if "amount" in self.mapping.columns:
            return nothing
        if "discount_percent" in self.mapping.columns:
            return -gross * self._number("discount_percent") / 100
        if "discount" in self.mapping.columns:
            given = self._number("discount").abs()
            return pl.select(pl.when(gross < 0).then(given).otherwise(-given)).to_series()
        return nothing

    def rows(self) -> pl.DataFrame:
        kinds = self._kinds()
        reduced = pl.Series(self.discount.fill_null(Decimal(0)) != 0)
        columns = {
            "row": self.raw.frame["__row__"],
            "customer": self.customer,
            "date": self.date,
            "kind": kinds,
            "amount": self.amount.set(self._beyond(), None).cast(Decimal4, strict=False),
            "discount": self.discount.set(~reduced, None).cast(Decimal4, strict=False),
            "cost": self._cost(),
            "quantity": self._signed_quantity(),
            "document": self.texts["document"],
            "line": self._line(),
            "currency": self.texts["currency"].fill_null(self.rules.currency),
            "original_amount": self.original.cast(Decimal4, strict=False),
        }
        return pl.DataFrame(columns | {name: self.texts[name] for name in _TEXTS})

    def doubts(self) -> list[Doubt]:
        column = self.mapping.columns.get
        money = column("amount") or column("price") or ""
        extra = self.raw.frame[EXTRA] if EXTRA in self.raw.frame.columns else None
        date_cell = cells.as_text(self._cells("date"))
        latest = self.rules.today + AHEAD
        articles = (self.texts["product"], self.texts["product_name"])
        doubts = [
            Doubt("total_row", column("customer", ""), self._totals()),
            Doubt("no_customer", column("customer", ""), self.customer.is_null()),
            Doubt("no_date", column("date", ""), date_cell.is_null()),
            Doubt("bad_date", column("date", ""), self.date.is_null()),
            Doubt("far_date", column("date", ""), ~self.date.is_between(EARLIEST, latest)),
            *self._number_doubts(),
            Doubt("no_amount", money, self.stated.is_null()),
            Doubt("too_large", money, self._beyond()),
            Doubt(
                "other_currency", column("currency", ""), self._foreign() & self.original.is_null()
            ),
            Doubt("too_long", column("customer", ""), self.customer.str.len_chars() > 60),
            Doubt("too_long", column("document", ""), self.texts["document"].str.len_chars() > 100),
            *(
                Doubt("test_article", column(name, ""), text.str.contains(_TEST_ARTICLE))
                for name, text in zip(("product", "product_name"), articles, strict=True)
            ),
        ]
        if extra is not None:
            doubts.insert(0, Doubt("too_many_fields", self.raw.columns[-1], extra.is_not_null()))
        return doubts

    def _number_doubts(self) -> list[Doubt]:
        """A filled cell that reads as no number is wrong even where another could stand in."""
        found = []
        for name in ("amount", "quantity", "price", "discount_percent", "discount", "cost",
                     "unit_cost", "rate"):  # fmt: skip
            if name in self.mapping.columns:
                filled = cells.as_text(self._cells(name)).is_not_null()
                wrong = filled & self._number(name).is_null()
                found.append(Doubt("bad_number", self.mapping.columns[name], wrong))
        return found

    def _kinds(self) -> pl.Series:
        """From the sign, the document's number, the article and the column that says the kind."""
        negative = self.amount < 0
        credit = self.texts["document"].str.contains(_CREDIT_DOCUMENT).fill_null(False)
        frame = pl.DataFrame(
            {
                "negative": negative.fill_null(False),
                "credit": credit,
                "article": self._by_words(_ARTICLES, "product", "product_name"),
                "said": self._by_words(_KIND_WORDS, "kind"),
            }
        )
        kind = (
            pl.when(pl.col("said").is_not_null() & pl.col("negative"))
            .then(pl.col("said"))
            .when(pl.col("article").is_not_null())
            .then(pl.col("article"))
            .when(pl.col("negative") & pl.col("credit"))
            .then(int(Kind.CREDIT_NOTE))
            .when(pl.col("negative"))
            .then(int(Kind.RETURN))
            .otherwise(int(Kind.SALE))
        )
        return frame.select(kind=kind.cast(pl.Int16))["kind"]

    def _by_words(self, patterns: tuple[tuple[Kind, str], ...], *names: str) -> pl.Series:
        """Kind per row, looked up once per distinct text: a file has few articles, many rows."""
        found = pl.Series([None], dtype=pl.Int16).new_from_index(0, self.raw.frame.height)
        for name in names:
            texts = pl.DataFrame({"text": self.texts[name]})
            distinct = texts.unique().drop_nulls()
            kind = pl.coalesce(
                *(pl.when(pl.col("text").str.contains(p)).then(int(k)) for k, p in patterns)
            ).cast(pl.Int16)
            known = distinct.select("text", kind=kind).drop_nulls()
            if known.height:
                here = texts.join(known, on="text", how="left", maintain_order="left")["kind"]
                found = found.zip_with(found.is_not_null(), here)
        return found

    def _signed_quantity(self) -> pl.Series:
        """A return stated as a positive quantity beside a negative amount is still a return."""
        if "quantity" not in self.mapping.columns:
            return self.quantity
        turned = (self.amount < 0) & (self.quantity > 0) & (self.price.fill_null(Decimal(1)) >= 0)
        return self.quantity.zip_with(~turned.fill_null(False), -self.quantity).cast(Decimal4)

    def _cost(self) -> pl.Series:
        """Cost of the goods as the ledger has it: negative for a sale, positive for a return."""
        if "cost" in self.mapping.columns:
            size = self._number("cost").abs()
        elif "unit_cost" in self.mapping.columns and "quantity" in self.mapping.columns:
            size = (self._number("unit_cost") * self.quantity).abs()
        else:
            return pl.Series([None], dtype=Decimal4).new_from_index(0, self.raw.frame.height)
        given_back = (self.amount < 0).fill_null(False)
        return size.zip_with(given_back, -size).cast(Decimal4, strict=False)

    def _totals(self) -> pl.Series:
        """Rows that add up others: no customer or date, and a word that says so."""
        said = pl.Series([False]).new_from_index(0, self.raw.frame.height)
        incomplete = self.date.is_null()
        for name in self.raw.columns:
            if self.raw.frame[name].dtype == pl.String:
                said = said | self.raw.frame[name].str.contains(_TOTAL_WORDS).fill_null(False)
        return said & incomplete

    def _beyond(self) -> pl.Series:
        return (self.amount.abs() > LARGEST).fill_null(False)

    def _foreign(self) -> pl.Series:
        return (_codes(self.texts["currency"]) != self.rules.currency).fill_null(False)

    def _line(self) -> pl.Series:
        return self._number("line").cast(pl.Int64, strict=False)

    def _cells(self, name: str) -> pl.Series:
        column = self.mapping.columns.get(name)
        if column is None:
            return pl.Series([None], dtype=pl.String).new_from_index(0, self.raw.frame.height)
        return self.raw.frame[column]

    def _text(self, name: str) -> pl.Series:
        return cells.as_text(self._cells(name))

    def _number(self, name: str) -> pl.Series:
        if name not in self.mapping.columns:
            return pl.Series([None], dtype=Decimal4).new_from_index(0, self.raw.frame.height)
        column = self._cells(name)
        return cells.as_decimal(column, self.raw.dialect.decimal or self._mark())

    def _mark(self) -> str | None:
        """The file's decimal mark where a column alone does not tell: 1.234 could be either."""
        marks = [
            mark
            for name in ("amount", "price", "cost", "unit_cost", "discount", "quantity")
            if name in self.mapping.columns
            if (mark := cells.decimal_mark(self._cells(name))) is not None
        ]
        if marks:
            return marks[0]
        return "," if self.raw.dialect.separator == ";" else None


def _codes(currencies: pl.Series) -> pl.Series:
    return currencies.str.to_uppercase().replace(
        {"€": "EUR", "EURO": "EUR", "£": "GBP", "$": "USD"}
    )
