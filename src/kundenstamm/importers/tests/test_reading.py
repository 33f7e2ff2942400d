"""Files as people have them: encodings, separators, preambles, broken ones."""

from __future__ import annotations

import contextlib
import io
from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kundenstamm.importers import cells
from kundenstamm.importers.files import FileRefused, read
from kundenstamm.importers.files.reading import EXTRA, ROW
from kundenstamm.importers.mapping import guess

UMLAUTS = "Kunde;Datum;Netto\nMüller & Söhne;05.01.2024;12,50\nJäger GmbH;06.01.2024;3,00\n"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
        ("cp850", "cp850"),
    ],
)
def test_encodings_are_told_apart(a_file, encoding, named):
    raw = read(a_file(UMLAUTS, encoding=encoding))
    assert raw.dialect.encoding == named
    assert raw.columns == ["Kunde", "Datum", "Netto"]
    assert raw.frame["Kunde"].to_list() == ["Müller & Söhne", "Jäger GmbH"]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(a_file, separator, line_end):
    rows = [["Kunde", "Datum", "Menge"], ["A", "2024-01-05", "3"], ["B", "2024-01-06", "4"]]
    raw = read(a_file(line_end.join(separator.join(row) for row in rows)))
    assert raw.dialect.separator == separator
    assert raw.frame["Menge"].to_list() == ["3", "4"]


def test_decimal_commas_do_not_pass_for_separators(a_file):
    raw = read(a_file("Kunde;Netto;Steuer\nA;1,00;0,19\nB;2,00;0,38\nC;3,00;0,57\n"))
    assert raw.dialect.separator == ";"


@pytest.mark.parametrize(
    ("content", "columns", "rows"),
    [
        # A title, a date, an empty line above the table.
        ("Umsatz 2024\nStand: 01.01.2025\n\nKunde;Netto\nA;1\nB;2\n", ["Kunde", "Netto"], [5, 6]),
        ("sep=;\nKunde;Netto\nA;1\n", ["Kunde", "Netto"], [3]),
        # Blank rows count, as a spreadsheet counts, but are no lines.
        ("Kunde;Netto\n\nA;1\n;\nB;2\n", ["Kunde", "Netto"], [3, 5]),
        # A quoted cell with a line break is one row.
        ('Kunde;Text\nA;"zwei\nZeilen"\nB;eine\n', ["Kunde", "Text"], [2, 3]),
        # Repeated and empty names; a nameless column without content goes.
        ("Kunde;Netto;Netto;;\nA;1;2;x;\n", ["Kunde", "Netto", "Netto (3)", "Spalte 4"], [2]),
        ("\ufeffKunde;Netto\nA;1\n", ["Kunde", "Netto"], [2]),
        # Shorter rows are filled up.
        ("Kunde;Datum;Netto\nA;x;1\nB\n", ["Kunde", "Datum", "Netto"], [2, 3]),
    ],
)
def test_headers_and_row_numbers(a_file, content, columns, rows):
    raw = read(a_file(content))
    assert raw.columns == columns
    assert raw.frame[ROW].to_list() == rows


def test_a_row_that_is_too_long_keeps_what_is_too_much(a_file):
    raw = read(a_file("Kunde;Netto\nA;1;zu;viel\nB;2\n"))
    assert raw.columns == ["Kunde", "Netto"]
    assert raw.frame[EXTRA].to_list() == ["zu;viel", None]


def test_an_unclosed_quotation_mark_costs_no_row(a_file):
    raw = read(a_file('Kunde;Netto;Text\nA;1;"offen\nB;2;zu\nC;3;\n'))
    assert raw.frame["Kunde"].to_list() == ["A", "B", "C"]
    assert raw.frame["Text"].to_list() == ['"offen', "zu", None]


def test_quotation_marks_inside_a_cell(a_file):
    raw = read(a_file('Kunde;Text\nA;Rohr 1/2" lang\nB;"Rohr ""Spezial"""\nC;"Rohr" x\n'))
    assert raw.frame["Text"].to_list()[:2] == ['Rohr 1/2" lang', 'Rohr "Spezial"']
    assert raw.frame.height == 3


def test_a_person_overrides_what_was_guessed(a_file):
    path = a_file("Kunde,1;Netto\nA,2;1,5\n")
    assert read(path, {"separator": ","}).columns == ["Kunde", "1;Netto"]
    latin = a_file("Kunde;Netto\nM\xfcller;1\n", encoding="latin-1")
    assert read(latin, {"encoding": "iso-8859-1"}).frame["Kunde"][0] == "Müller"


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("empty.csv", b"", "empty"),
        ("blank.csv", b"\n\n  \n", "empty"),
        ("header.csv", b"Kunde;Netto\n", "no line"),
        ("cut.xlsx", b"PK\x03\x04" + b"\0" * 200, "XLSX"),
        ("cut.parquet", b"PAR1" + b"\0" * 200, "PARQUET"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "cannot be read"),
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "XLSX"),
    ],
)
def test_files_that_cannot_be_read_name_themselves_and_the_mend(a_file, name, content, word):
    with pytest.raises(FileRefused) as refused:
        read(a_file(content, name=name))
    assert name in str(refused.value)
    assert word in str(refused.value)
    assert refused.value.mend


def test_no_file_and_a_folder(tmp_path):
    with pytest.raises(FileRefused, match="no such file"):
        read(tmp_path / "nowhere.csv")
    with pytest.raises(FileRefused, match="folder"):
        read(tmp_path)


def test_a_wrong_choice_is_refused_not_raised(a_file):
    with pytest.raises(FileRefused, match="encoding"):
        read(a_file(UMLAUTS), {"encoding": "klingon"})
    with pytest.raises(FileRefused):
        read(a_file(UMLAUTS), {"separator": "::"})
    with pytest.raises(FileRefused):
        read(a_file(UMLAUTS), {"header_row": 99})


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
@example(b"PK\x03\x04")
@example(b"PAR1PAR1")
@example(b"\xff\xfe")
@example(b"\xff\xfe\x00")
@example(b'"')
@example(b'a;b\n"')
@example(b"a,b\n\x001,2")
@example(b"\n;\n;")
@example(b"a\n1\n" + b";" * 50)
def test_random_bytes_are_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "random.csv"
    path.write_bytes(content)
    with contextlib.suppress(FileRefused):
        guess(read(path), "sales")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='ab1,.;|\t"\n\r -€ä', max_size=200))
def test_random_text_is_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "random-text.csv"
    path.write_bytes(content.encode())
    with contextlib.suppress(FileRefused):
        guess(read(path), "sales")


def _workbook(tmp_path, *sheets):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    if isinstance(value, date):
                        sheet.write_datetime(row, column, value, day)
                    elif value is not None:
                        sheet.write(row, column, value)
    return path


def test_a_workbook_with_dates_numbers_and_numbers_as_text(tmp_path):
    path = _workbook(
        tmp_path,
        ("Leer", []),
        (
            "Daten",
            [
                ["Umsatzliste"],
                [],
                ["Kunde", "Datum", "Netto"],
                ["K1", date(2024, 1, 5), 1234.5],
                ["0007", "06.01.2024", "1.234,56"],
                [1001, datetime.fromisoformat("2024-01-07T12:30"), -3],
                [None, None, None],
                ["K4", date(2024, 1, 8), 0.1 + 0.2],
            ],
        ),
    )
    raw = read(path)
    assert (raw.dialect.sheet, raw.dialect.header_row) == ("Daten", 3)
    assert raw.frame[ROW].to_list() == [4, 5, 6, 8]
    assert raw.frame["Kunde"].to_list() == ["K1", "0007", "1001", "K4"]
    days = cells.as_date(raw.frame["Datum"]).to_list()
    assert days == [date(2024, 1, day) for day in (5, 6, 7, 8)]
    amounts = cells.as_decimal(raw.frame["Netto"]).to_list()
    assert amounts == [Decimal(each) for each in ("1234.5", "1234.56", "-3", "0.3")]


def test_a_sheet_is_chosen_by_its_name(tmp_path):
    path = _workbook(tmp_path, ("A", [["x"], [1]]), ("B", [["y"], [2]]))
    assert read(path).columns == ["x"]
    assert read(path, {"sheet": "B"}).columns == ["y"]
    with pytest.raises(FileRefused, match="A, B"):
        read(path, {"sheet": "C"})


def test_an_empty_workbook(tmp_path):
    with pytest.raises(FileRefused, match="empty"):
        read(_workbook(tmp_path, ("Leer", [])))


def test_parquet_keeps_its_types_and_leaves_nested_columns_out(a_file):
    frame = pl.DataFrame({"kunde": [1, 2], "tag": [date(2024, 1, 5)] * 2, "liste": [[1], [2]]})
    content = io.BytesIO()
    frame.write_parquet(content)
    raw = read(a_file(content.getvalue(), name="lines.parquet"))
    assert raw.columns == ["kunde", "tag"]
    assert raw.frame[ROW].to_list() == [1, 2]  # there is no header row to count
