"""Sales written in any dialect are read as the same sales; whatever is in a file adds up."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kundenstamm.importers import cells, sales
from kundenstamm.importers.files import FileRefused, read
from kundenstamm.importers.mapping import guess
from kundenstamm.importers.tests.conftest import TODAY

CENTS = st.integers(-5_000_000, 500_000_000)
DAYS = st.integers(0, 1500).map(lambda n: date(2021, 6, 1) + timedelta(days=n))
NAMES = st.text(alphabet='aäöüßABZ 0159,;."\t|&-', min_size=1, max_size=12).filter(
    lambda name: name.strip() == name
)
LINES = st.lists(st.tuples(NAMES, DAYS, CENTS), min_size=2, max_size=25)
DATES = {
    "dmy.": "{0.day:02}.{0.month:02}.{0.year}",
    "dmy/": "{0.day:02}/{0.month:02}/{0.year}",
    "mdy": "{0.month:02}/{0.day:02}/{0.year}",
    "ymd": "{0.year}-{0.month:02}-{0.day:02}",
}
# (thousands, decimal)
MARKS = [(".", ","), (",", "."), ("", ","), ("", "."), ("'", "."), (" ", ","), ("\u00a0", ",")]


@settings(max_examples=30, deadline=None)
@given(
    lines=LINES,
    separator=st.sampled_from([";", ",", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    dates=st.sampled_from(sorted(DATES)),
    marks=st.sampled_from(MARKS),
    preamble=st.booleans(),
    sign=st.sampled_from(["-{}", "{}-", "({})", "−{}"]),
)
def test_round_trip(tmp_path_factory, lines, separator, encoding, dates, marks, preamble, sign):
    if encoding == "cp1252":
        sign = sign.replace("−", "-")
    # One day beyond the twelfth and one amount with decimals: evidence for the guess.
    lines = [*lines, ("Zeuge", date(2023, 5, 31), 1), ("Zeuge", date(2023, 5, 30), 123_456)]
    buffer = io.StringIO(newline="")
    if preamble:
        buffer.write("Auswertung\r\n\r\n")
    writer = csv.writer(buffer, delimiter=separator)
    writer.writerow(["Kundennummer", "Belegdatum", "Netto"])
    for who, day, cents in lines:
        amount = _written(abs(cents), *marks)
        writer.writerow(
            [who, DATES[dates].format(day), sign.format(amount) if cents < 0 else amount]
        )
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(buffer.getvalue().encode(encoding))
    raw = read(path)
    found = sales.check(raw, guess(raw, "sales"), sales.Rules(TODAY))
    assert found.refused.height == 0
    assert found.accepted.select("customer", "date", "amount").rows() == [
        (who, day, Decimal(cents) / 100) for who, day, cents in lines
    ]


def _written(cents: int, thousands: str, decimal: str) -> str:
    whole = f"{cents // 100:,}".replace(",", thousands)
    return f"{whole}{decimal}{cents % 100:02}"


JUNK = st.text(alphabet='ab0159.,;- €%()"\t', max_size=9)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(JUNK, JUNK, JUNK, JUNK, JUNK), min_size=1, max_size=12))
def test_every_row_is_accepted_or_refused_and_the_sums_agree(tmp_path_factory, rows):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow(["Kundennummer", "Belegdatum", "Netto", "Artikel", "Belegart"])
    writer.writerow(["A", "05.01.2024", "1,00", "x", "Rechnung"])
    writer.writerows(rows)
    path = tmp_path_factory.getbasetemp() / "junk.csv"
    path.write_text(buffer.getvalue())
    try:
        raw = read(path)
    except FileRefused:
        return
    mapping = guess(raw, "sales")
    found = sales.check(raw, mapping, sales.Rules(TODAY))
    assert found.accepted.height + found.refused.height == raw.frame.height
    both = sorted([*found.accepted["row"], *found.refused["row"]])
    assert all(one < other for one, other in pairwise(both))
    stated = cells.as_decimal(raw.frame["Netto"], ",").drop_nulls()
    if "kind" not in mapping.columns:
        shown = found.accepted_amount + found.refused_amount
        beyond = [amount for amount in stated if abs(amount) > sales.LARGEST]
        assert shown == sum(stated, Decimal(0)) - sum(beyond, Decimal(0))
    by_reason = [amount for _, amount in found.reasons().values()]
    assert sum(by_reason, Decimal(0)) == found.refused_amount
