"""Names in one spelling, and pairs of a base with known doubles."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kundenstamm.worth.duplicates import spelling
from kundenstamm.worth.duplicates.model import PAIRS, pairs, pairs_between
from kundenstamm.worth.duplicates.table import COLUMNS
from kundenstamm.worth.synthetic.doubles import base


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller Sanitär GmbH & Co. KG", "SANITAER MUELLER"),
        ("Fa. Jäger", "Jaeger e. K."),
        ("Groß und Söhne OHG", "Gross & Soehne"),
        ("A. B. C. Handels G.m.b.H.", "ABC Handels GmbH"),
        ("Bäckerei „Korn“", "Baeckerei Korn"),
    ],
)
def test_one_company_written_twice(one, other):
    assert spelling.core(one) == spelling.core(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Müller GmbH", "Möller GmbH"), ("Korn Nord", "Korn Süd"), ("KG Bau", "Bau Kraft")],
)
def test_two_companies_stay_two(one, other):
    assert spelling.core(one) != spelling.core(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lange Straße 12 a", "Lange Str. 12a"),
        ("Lange-Strasse 12A", "LANGE STR 12 a"),
        ("Am Ring 3", "am ring 3"),
    ],
)
def test_streets(one, other):
    assert spelling.street(one) == spelling.street(other)


@given(st.text(max_size=60))
def test_spelling_takes_whatever_people_write(text):
    """Spelt once is spelt: and a name never becomes nothing but for lack of letters."""
    assert spelling.core(spelling.core(text)) == spelling.core(text) or spelling.core(text)
    assert spelling.vat_id(spelling.vat_id(text)) == spelling.vat_id(text)
    for spell in (spelling.street, spelling.postcode, spelling.domain, spelling.sound):
        assert isinstance(spell(text), str)


@pytest.fixture(scope="module")
def known():
    return base(400, 11)


def test_most_doubles_are_found_and_little_else(known):
    """Loosely: how well is what the benchmark measures."""
    rows, truth = known
    found = pairs(rows)
    told = {frozenset(pair) for pair in found.select("first", "second").rows()}
    assert len(told & truth) >= 0.8 * len(truth)
    assert len(told & truth) >= 0.8 * len(told)
    assert (found["first"] < found["second"]).all()
    assert found["probability"].is_sorted(descending=True)
    assert found.schema == PAIRS


def test_what_comes_in_is_compared_with_what_is_there(known):
    rows, _truth = known
    copy = rows.head(1).with_columns(id=pl.lit("neu"))
    found = pairs_between(rows, copy)
    assert found.row(0)[:2] == (rows["id"][0], "neu")
    assert found["second"].unique().to_list() == ["neu"]


def test_few_rows_or_none():
    nothing = pl.DataFrame(schema=COLUMNS)
    one = pl.DataFrame([_row("a", "Ahorn GmbH", phones=["1"])], schema=COLUMNS)
    assert pairs(nothing).is_empty()
    assert pairs(one).is_empty()
    assert pairs_between(nothing, one).is_empty()
    two = pl.DataFrame(
        [_row("a", "Ahorn GmbH", phones=["1"]), _row("b", "AHORN", phones=["1"])], schema=COLUMNS
    )
    (found,) = pairs(two).to_dicts()
    assert (found["name"], found["phone"], found["mail"]) == ("name_same", "phone_same", None)


def test_namesakes_in_two_towns_are_two():
    rows = [
        _row("a", "Müller GmbH", street="Ring 1", postcode="10115", city="Berlin", phones=["1"]),
        _row("b", "Müller GmbH", street="Weg 9", postcode="80331", city="München", phones=["2"]),
    ]
    assert pairs(pl.DataFrame(rows, schema=COLUMNS)).is_empty()


def _row(key, name, **told):
    empty = {"street": "", "postcode": "", "city": "", "vat": ""}
    lists = {"phones": [], "mails": [], "domains": []}
    return {"id": key, "name": name} | empty | lists | told
