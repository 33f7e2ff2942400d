"""What a line is known by stays the same, however often and with whatever else it is loaded."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kundenstamm.importers import sales
from kundenstamm.importers.files import read
from kundenstamm.importers.identity import identified
from kundenstamm.importers.mapping import guess
from kundenstamm.importers.tests.conftest import TODAY

NAMELESS = "customer;date;product;amount\n"


def _known(path, content):
    path.write_text(content)
    raw = read(path)
    found = identified(sales.check(raw, guess(raw, "sales"), sales.Rules(TODAY)).accepted)
    keys = found.select("document", "line")
    assert keys.is_unique().all()
    assert keys.null_count().sum_horizontal()[0] == 0
    return found.select("document", "line", "customer", "amount")


def _same(one, other):
    return one.sort(one.columns).equals(other.sort(other.columns))


def test_document_and_line_number_are_taken_as_they_stand(tmp_path):
    found = _known(
        tmp_path / "f.csv",
        "Kunde;Datum;Beleg;Pos;Netto\nA;05.01.2024;R1;1;5\nA;05.01.2024;R1;2;5\n",
    )
    assert found.select("document", "line").rows() == [("R1", 1), ("R1", 2)]


def test_equal_lines_without_numbers_are_two(tmp_path):
    line = "A;2024-01-05;X;5\n"
    assert _known(tmp_path / "f.csv", NAMELESS + 3 * line).height == 3


def test_a_numbering_that_starts_anew_loses_nothing(tmp_path):
    head = "Kunde;Datum;Beleg;Pos;Artikel;Netto\n"
    lines = [f"A;05.01.2024;R1;{n};{article};5\n" for n, article in ((1, "x"), (1, "y"), (2, "z"))]
    assert _known(tmp_path / "f.csv", head + "".join(lines)).height == 3


LINES = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from(("05", "06")), st.sampled_from("XY"),
              st.sampled_from(("5", "7"))),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(LINES, LINES, st.randoms(use_true_random=False))
def test_order_and_further_lines_change_no_identity(tmp_path_factory, lines, more, random):
    path = tmp_path_factory.getbasetemp() / "identity.csv"

    def written(rows):
        body = (f"{who};2024-01-{day};{what};{much}\n" for who, day, what, much in rows)
        return NAMELESS + "".join(body)

    first = _known(path, written(lines))
    assert _same(first, _known(path, written(random.sample(lines, len(lines)))))
    longer = _known(path, written(random.sample(lines + more, len(lines + more))))
    assert first.join(longer, on=first.columns, how="anti").height == 0
    assert longer.height == len(lines) + len(more)


def test_identity_is_written_in_stone(tmp_path):
    """Loaded with one release and again with the next, a line must be recognised."""
    found = _known(tmp_path / "f.csv", NAMELESS + "A;2024-01-05;X;5\n")
    assert found.select("document", "line").row(0) == (
        "~2024-01-05/A",
        987366828580945022,
    )
