"""Which column is which field: guessed from headers and contents, overridden by the person."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping as Map
from dataclasses import dataclass, field

import polars as pl

from kundenstamm.importers import cells
from kundenstamm.importers.fields import FIELDS, Field, normal
from kundenstamm.importers.files import Raw
from kundenstamm.kit.words import gettext_noop

NO_FIELD = gettext_noop("There is no field {name!r}. Did you mean {close!r}? Fields: {known}.")
NO_COLUMN = gettext_noop("There is no column {name!r}. Did you mean {close!r}? Columns: {known}.")
FIELD_MISSING = gettext_noop(
    'No column was found for: {fields}. Name it, for example: --map {example}="…". '
    "The file's columns: {columns}."
)


NEEDED = {
    "activities": ("customer", "date", "activity"),
    "payments": ("customer", "document", "due", "amount"),
    "interactions": ("customer", "date", "kind"),
    "sell_through": ("dealer", "first_day", "amount"),
}


class MappingError(ValueError):
    """A mapping that cannot be: the message names what exists."""

    def __init__(self, template: str, **values: str) -> None:
        self.template, self.values = template, values
        super().__init__(template.format(**values))


@dataclass(frozen=True)
class Mapping:
    """Field → column of the file, for one kind of file."""

    kind: str
    columns: Map[str, str] = field(default_factory=dict)

    def missing(self) -> list[str]:
        """Fields without which nothing can be loaded."""
        has = self.columns
        if self.kind == "sales":
            wanted = [name for name in ("customer", "date") if name not in has]
            money = "amount" in has or {"quantity", "price"} <= set(has)
            return wanted if money else [*wanted, "amount"]
        if self.kind == "spending":
            wanted = [name for name in ("channel", "date") if name not in has]
            return wanted if {"amount", "hours"} & set(has) else [*wanted, "amount"]
        if self.kind == "touches":
            wanted = [name for name in ("customer", "date") if name not in has]
            return wanted if {"channel", "campaign"} & set(has) else [*wanted, "channel"]
        if self.kind in NEEDED:
            wanted = [name for name in NEEDED[self.kind] if name not in has]
            whom = self.kind != "sell_through" or {"end_customer", "end_name"} & set(has)
            return wanted if whom else [*wanted, "end_customer"]
        return [] if FIELDS[self.kind][0].name in has else [FIELDS[self.kind][0].name]

    def checked(self, raw: Raw) -> Mapping:
        """Itself, when everything needed is there.

        Raises
        ------
        MappingError
            Naming the fields that no column was found for.
        """
        missing = self.missing()
        if missing:
            raise MappingError(
                FIELD_MISSING,
                fields=", ".join(missing),
                example=missing[0],
                columns=", ".join(raw.columns),
            )
        return self

    def column(self, raw: Raw, name: str) -> pl.Series:
        """A field's column; empty cells where the file has none for it."""
        named = self.columns.get(name)
        if named is None:
            return pl.Series([None], dtype=pl.String).new_from_index(0, raw.frame.height)
        return raw.frame[named]


def guess_kind(raw: Raw) -> str:
    """A key of `FIELDS`: the kind whose needs the columns meet best."""
    if _is_payments(raw):
        return "payments"
    if _is_sell_through(raw):
        return "sell_through"
    for kind in ("sales", "activities"):
        if not guess(raw, kind).missing():
            return kind
    if _is_interactions(raw):
        return "interactions"
    if _is_spending(raw):
        return "spending"
    if _is_touches(raw):
        return "touches"
    found = {kind: guess(raw, kind) for kind in ("customers", "products")}
    fitting = {kind: len(each.columns) for kind, each in found.items() if not each.missing()}
    if found["products"].columns.get("unit_cost") and "products" in fitting:
        return "products"
    return max(fitting, key=lambda kind: fitting[kind]) if fitting else "sales"


def _is_payments(raw: Raw) -> bool:
    """Due and paid days, and nothing that was sold: invoices have a day and an amount as well."""
    paid = next(each for each in FIELDS["payments"] if each.name == "paid")
    if _titled(raw, paid, set()) is None or guess(raw, "payments").missing():
        return False
    return not guess(raw, "sales").columns.keys() & {"product", "product_name", "quantity", "price"}


def _is_sell_through(raw: Raw) -> bool:
    """A dealer and an end customer by their own titles: no other file has both."""
    ends = ("dealer", "end_customer", "end_name")
    titled = {f.name for f in FIELDS["sell_through"] if f.name in ends and _titled(raw, f, set())}
    both = "dealer" in titled and len(titled) > 1
    return both and not guess(raw, "sell_through").missing()


def _is_interactions(raw: Raw) -> bool:
    """A day, a kind, and what was said or how long it took: customers have a day and a kind too."""
    titled = {each.name for each in FIELDS["interactions"] if _titled(raw, each, set()) is not None}
    said = {"kind", "date"} <= titled and bool(titled & {"note", "minutes", "direction"})
    return said and not guess(raw, "interactions").missing()


def _is_spending(raw: Raw) -> bool:
    """A channel, a day, and money or hours; sales have a channel, too, but a customer as well."""
    titled = {each.name for each in FIELDS["spending"] if _titled(raw, each, set()) is not None}
    return {"channel", "date"} <= titled and not guess(raw, "spending").missing()


def _is_touches(raw: Raw) -> bool:
    """A customer, a day, and a channel or campaign, but no money, and nothing that customers are
    described by: their files have a channel as well."""
    titled = {each.name for each in FIELDS["touches"] if _titled(raw, each, set()) is not None}
    described = guess(raw, "customers").columns.keys() & {"customer_name", "city", "postcode"}
    reached = {"customer", "date"} <= titled and bool(titled & {"channel", "campaign"})
    return reached and not described


def guess(raw: Raw, kind: str, chosen: Map[str, str] | None = None) -> Mapping:
    """The likeliest column of every field.

    Parameters
    ----------
    raw
        The file.
    kind
        A key of `FIELDS`.
    chosen
        Field → column as the person said; an empty column means: leave the field out.

    Raises
    ------
    MappingError
        ``chosen`` names a field or column that does not exist.
    """
    chosen = dict(chosen or {})
    _refuse_unknown(raw, kind, chosen)
    taken = {column for column in chosen.values() if column}
    columns = {name: column for name, column in chosen.items() if column}
    for rank in (_named_exactly, _named_alike):
        for each in FIELDS[kind]:
            if each.name in columns or each.name in chosen:
                continue
            column = rank(raw, kind, each, taken)
            if column is not None:
                columns[each.name] = column
                taken.add(column)
    for each in FIELDS[kind]:
        # A needed column whose cells are all spoilt is still that column: its rows are refused.
        if each.name in Mapping(kind, columns).missing() and each.name not in chosen:
            column = _titled(raw, each, taken)
            if column is not None:
                columns[each.name] = column
                taken.add(column)
    ordered = {each.name: columns[each.name] for each in FIELDS[kind] if each.name in columns}
    return Mapping(kind, _customer_by_name(kind, ordered))


def parse_choices(pairs: list[str]) -> dict[str, str]:
    """``field=column`` as typed on a command line.

    Raises
    ------
    MappingError
        An item without an equals sign.
    """
    choices = {}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        if not equals:
            raise MappingError(NO_FIELD, name=pair, close="field=column", known="field=column")
        choices[name.strip()] = column.strip()
    return choices


def _customer_by_name(kind: str, columns: dict[str, str]) -> dict[str, str]:
    """Where customers have a name but no number, the name is what they are known by."""
    by_name = kind in ("sales", "customers") and "customer_name" in columns
    if by_name and "customer" not in columns:
        columns = {"customer": columns["customer_name"], **columns}
    return columns


def _named_exactly(raw: Raw, _kind: str, wanted: Field, taken: set[str]) -> str | None:
    return next((c for c in _titles(raw, wanted, taken) if _fits(raw, wanted, c)), None)


def _titled(raw: Raw, wanted: Field, taken: set[str]) -> str | None:
    return next(iter(_titles(raw, wanted, taken)), None)


def _titles(raw: Raw, wanted: Field, taken: set[str]) -> list[str]:
    """Columns whose header is one of the field's names, the best name first."""
    normals = {normal(column): column for column in reversed(raw.columns) if column not in taken}
    return [normals[name] for name in wanted.names if name in normals]


def _named_alike(raw: Raw, kind: str, wanted: Field, taken: set[str]) -> str | None:
    """A header that begins or ends with one of the longer names: ``Rechnungsdatum (Beleg)``.

    The longest name decides between fields: ``Einzelpreis netto`` is a price, no net amount.
    """
    for column in raw.columns:
        header = normal(column)
        other = kind == "sales" and _means_otherwise(header, wanted)
        if column in taken or header in _TITLES or other:
            continue
        likeness = {each.name: _likeness(header, each) for each in FIELDS[kind]}
        best = max(likeness.values())
        if best and likeness[wanted.name] == best and _fits(raw, wanted, column):
            return column
    return None


def _likeness(header: str, field: Field) -> int:
    """Length of the longest name that the header begins or ends with; short ones do not count."""
    return max(
        (
            len(name)
            for name in field.names
            if len(name) >= 5 and (header.startswith(name) or header.endswith(name))
        ),
        default=0,
    )


# A header that is the very name of some field is not taken for one that it merely resembles.
_TITLES = {name for fields in FIELDS.values() for each in fields for name in each.names}

# Of sales a gross amount is no net amount, a birthday no day of sale: rather ask than guess.
_OTHERWISE = {
    "amount": re.compile(
        r"brutto|gross|steuer|mwst|ust|tax|vat|skonto|rabatt|discount|offen|saldo"
    ),
    "date": re.compile(r"geburt|birth|faellig|due|druck"),
}


def _means_otherwise(header: str, wanted: Field) -> bool:
    pattern = _OTHERWISE.get(wanted.name)
    return pattern is not None and pattern.search(header) is not None


def _fits(raw: Raw, wanted: Field, column: str) -> bool:
    """Whether the contents can be what the header promises."""
    sample = raw.frame[column].head(2_000)
    if not sample.drop_nulls().len():
        return wanted.type == "text"
    if wanted.type == "date":
        order = cells.date_order(sample)
        return order is not None and order.share >= 0.5
    if wanted.type in ("money", "number", "share"):
        return cells.looks_like_numbers(sample) >= 0.5
    return True


def _refuse_unknown(raw: Raw, kind: str, chosen: Map[str, str]) -> None:
    known = [each.name for each in FIELDS[kind]]
    for name, column in chosen.items():
        if name not in known:
            raise MappingError(
                NO_FIELD, name=name, close=_closest(name, known), known=", ".join(known)
            )
        if column and column not in raw.columns:
            close = _closest(column, raw.columns)
            raise MappingError(NO_COLUMN, name=column, close=close, known=", ".join(raw.columns))


def _closest(name: str, known: list[str]) -> str:
    by_lower = {each.lower(): each for each in known}
    found = difflib.get_close_matches(name.lower(), list(by_lower), n=1, cutoff=0.0)
    return by_lower[found[0]] if found else ""
