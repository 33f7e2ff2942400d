"""Sales lines: from the file's columns to entries of the ledger, row by row accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from kundenstamm.importers import bookings, cells
from kundenstamm.importers.cells import Decimal4
from kundenstamm.importers.checked import Checked, Doubt, refuse
from kundenstamm.importers.files import Raw
from kundenstamm.importers.files.reading import EXTRA
from kundenstamm.importers.mapping import Mapping
from kundenstamm.kit.words import gettext_noop

# A single line beyond this is a slipped decimal comma (and would not fit the ledger's column).
LARGEST = Decimal(10) ** 10
EARLIEST = date(1970, 1, 1)
# Documents may be dated a little ahead, deliveries agreed for next week say.
AHEAD = timedelta(days=31)

_TEXTS = (
    "customer_name", "product", "product_name", "category", "country", "region", "city",
    "postcode", "representative", "channel",
)  # fmt: skip

_NUMBERS = ("customer", "document", "product")
_TOTAL_WORDS = r"(?i)^(gesamt|summe|total|grand total|sum|zwischensumme|endsumme|gesamtsumme):?$"


CREDITS_WRITTEN_POSITIVE = gettext_noop(
    "Credit notes stand in this file without a minus sign; they are taken off."
)
EITHER_DATE_ORDER = gettext_noop(
    "The dates read as day/month or as month/day alike; they are read as day/month. "
    "If that is wrong: --date-order mdy."
)


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
    return refuse(raw, reading.rows(), reading.doubts(), reading.net, reading.notes())


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
        self.nothing: dict[pl.DataType, pl.Series] = {}
        self.numbers: dict[str, pl.Series] = {}
        self.customer = self._text("customer")
        self.date = cells.as_date(self._cells("date"), raw.dialect.date_order)
        self.quantity = self._number("quantity")
        self.price = self._number("price")
        self.texts = {name: self._text(name) for name in (*_TEXTS, "document", "kind", "currency")}
        self.said = bookings.said(self.texts["kind"])
        self.article = bookings.articles(self.texts["product"], self.texts["product_name"])
        self.rate = self._number("rate")
        self._read_money()

    def _read_money(self) -> None:
        amount = "amount" in self.mapping.columns
        self.stated = self._number("amount") if amount else self.quantity * self.price
        original = self.stated.cast(pl.Decimal(38, 4))
        self.turned = self._credits_written_positive()
        if self.turned.any():
            original = original.zip_with(~self.turned, -original)
        self.original = self._none(pl.Decimal(38, 4))
        factor = self.rate.fill_null(Decimal(1))
        self.foreign = self._foreign()
        if self.foreign.any():
            converted = self.foreign & (self.rate > 0).fill_null(False)
            factor = self.rate.set(~converted, Decimal(1)).fill_null(Decimal(1))
            self.original = original.set(~converted, None)
            self.amount = original * factor
        else:
            self.amount = original
        discount = self._discount(original)
        self.discount = discount * factor if self.foreign.any() else discount
        self.beyond = (self.amount.abs() > LARGEST).fill_null(False)
        net = self.amount
        if discount.null_count() < len(discount):
            net = self.amount + self.discount.fill_null(Decimal(0))
        self.net = net.set(self.beyond, None) if self.beyond.any() else net

    def _credits_written_positive(self) -> pl.Series:
        """Lines said to be credit notes that bring money, in a file where all such lines do."""
        said = self.said.is_not_null() & self.stated.is_not_null()
        if (said & (self.stated < 0)).any():
            return pl.Series([False]).new_from_index(0, len(said))
        return (said & (self.stated > 0)).fill_null(False)

    def notes(self) -> list[str]:
        """What a person should know of how the file was read."""
        said = [CREDITS_WRITTEN_POSITIVE] if self.turned.any() else []
        found = None if self.raw.dialect.date_order else cells.date_order(self._cells("date"))
        return [*said, EITHER_DATE_ORDER] if found and found.ambiguous else said

    def _discount(self, gross: pl.Series) -> pl.Series:
        """Only beside a price: a stated net amount has its discount taken off already."""
        if "amount" in self.mapping.columns:
            return self._none(pl.Decimal(38, 4))
        if "discount_percent" in self.mapping.columns:
            return -gross * self._number("discount_percent") / 100
        if "discount" in self.mapping.columns:
            if self._cells("discount").cast(pl.String).str.contains("%", literal=True).any():
                return -gross * self._number("discount") / 100
            given = self._number("discount").abs()
            return pl.select(pl.when(gross < 0).then(given).otherwise(-given)).to_series()
        return self._none(pl.Decimal(38, 4))

    def rows(self) -> pl.DataFrame:
        kinds = bookings.kinds(self.amount, self.texts["document"], self.said, self.article)
        reduced = pl.Series(self.discount.fill_null(Decimal(0)) != 0)
        columns = {
            "row": self.raw.frame["__row__"],
            "customer": self.customer,
            "date": self.date,
            "kind": kinds,
            "amount": self.amount.set(self.beyond, None).cast(Decimal4, strict=False),
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
        customer = column("customer", "")
        money = column("amount") or column("price") or ""
        extra = self.raw.frame[EXTRA] if EXTRA in self.raw.frame.columns else None
        latest = self.rules.today + AHEAD
        doubts = [
            Doubt("total_row", customer, self._totals()),
            Doubt("stock_booking", customer, self.customer.is_null() & (self.amount == 0)),
            Doubt("manual_booking", customer, self.customer.is_null() & self.article["manual"]),
            Doubt("no_customer", customer, self.customer.is_null()),
            Doubt("no_date", column("date", ""), ~self._filled("date")),
            Doubt("bad_date", column("date", ""), self.date.is_null()),
            Doubt("far_date", column("date", ""), ~self.date.is_between(EARLIEST, latest)),
            *self._number_doubts(),
            Doubt("no_amount", money, self.stated.is_null()),
            Doubt("too_large", money, self.beyond),
            Doubt("other_currency", column("currency", ""), self.foreign & self.original.is_null()),
            Doubt("too_long", customer, self.customer.str.len_chars() > 60),
            Doubt("too_long", column("document", ""), self.texts["document"].str.len_chars() > 100),
            Doubt("test_article", column("product", ""), self.article["test_number"]),
            Doubt("test_article", column("product_name", ""), self.article["test_name"]),
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
                wrong = self._filled(name) & self._number(name).is_null()
                found.append(Doubt("bad_number", self.mapping.columns[name], wrong))
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
            return self._none(Decimal4)
        given_back = (self.amount < 0).fill_null(False)
        return size.zip_with(given_back, -size).cast(Decimal4, strict=False)

    def _totals(self) -> pl.Series:
        """Rows that add up others: no date, and a word that says so."""
        said = self.date.is_null()
        if not said.any():
            return said
        words = pl.any_horizontal(
            pl.col(name).str.contains(_TOTAL_WORDS).fill_null(False)
            for name in self.raw.columns
            if self.raw.frame.schema[name] == pl.String
        )
        return said & self.raw.frame.select(words=pl.lit(False) | words)["words"]

    def _foreign(self) -> pl.Series:
        if "currency" not in self.mapping.columns or not self.rules.currency:
            return pl.Series([False]).new_from_index(0, self.raw.frame.height)
        return (_codes(self.texts["currency"]) != self.rules.currency).fill_null(False)

    def _line(self) -> pl.Series:
        return self._number("line").cast(pl.Int64, strict=False)

    def _cells(self, name: str) -> pl.Series:
        column = self.mapping.columns.get(name)
        return self._none(pl.String()) if column is None else self.raw.frame[column]

    def _filled(self, name: str) -> pl.Series:
        given = self._cells(name)
        return (cells.as_text(given) if given.dtype == pl.String else given).is_not_null()

    def _text(self, name: str) -> pl.Series:
        if name not in self.mapping.columns:
            return self._cells(name)
        text = cells.as_text(self._cells(name))
        return cells.without_point_zero(text) if name in _NUMBERS else text

    def _number(self, name: str) -> pl.Series:
        if name not in self.mapping.columns:
            return self._none(Decimal4)
        if name not in self.numbers:
            column = self._cells(name)
            mark = self.raw.dialect.decimal or self._mark()
            self.numbers[name] = cells.as_decimal(column, mark)
        return self.numbers[name]

    def _none(self, kind: pl.DataType) -> pl.Series:
        """A column that the file does not have."""
        if kind not in self.nothing:
            empty = pl.Series([None], dtype=kind)
            self.nothing[kind] = empty.new_from_index(0, self.raw.frame.height)
        return self.nothing[kind]

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
