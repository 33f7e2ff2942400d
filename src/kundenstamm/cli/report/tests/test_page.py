"""The page: one file, nothing fetched, nothing of the file's taken for markup."""

from __future__ import annotations

import re
from decimal import Decimal
from html.parser import HTMLParser

from kundenstamm.cli.report.charts import bridge_bar
from kundenstamm.cli.report.curve import drawn, share_at
from kundenstamm.worth.whale import whale

EVIL = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"
VOID = {"meta", "br", "line", "rect", "polyline", "polygon", "circle"}


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen, self.attributes = [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def _page(kundenstamm, path, target, *words):
    result = kundenstamm("report", path, "--html", target, *words)
    assert result.exit_code == 0, result.output
    return target.read_text(encoding="utf-8")


def test_the_page_needs_nothing_from_the_network(kundenstamm, sales_file, tmp_path):
    page = _page(kundenstamm, sales_file, tmp_path / "r.html", "--lang", "en")
    assert not re.search(r"https?:|//\w|@import|url\(", page)
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert not {"script", "link", "img", "iframe"} & set(tags.seen)
    assert not [name for name, _ in tags.attributes if name.startswith("on")]


def test_what_the_file_says_is_never_markup(kundenstamm, tmp_path):
    path = tmp_path / "<b>evil.csv"
    name = EVIL.replace('"', '""')
    path.write_text(
        f'Kundennummer;Kunde;Datum;"Netto<script>"\n1;"{name}";05.01.2024;5\n'
        f'"{name}";"{name}";05.02.2024;-5\n2;x;"{name}";5\n'
    )
    page = _page(kundenstamm, path, tmp_path / "r.html", "--map", "amount=Netto<script>")
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert not {"script", "img", "b"} & set(tags.seen)
    assert "&lt;script&gt;alert(1)" in page


def test_the_page_says_what_the_terminal_says(kundenstamm, sales_file, tmp_path):
    page = _page(kundenstamm, sales_file, tmp_path / "r.html", "--lang", "en", "--currency", "EUR")
    for phrase in ("€2,950.00", "estimated margin 35%", "Anna (1)", "The customer is missing."):
        assert phrase in page


def test_the_curve_in_letters():
    curve = whale([100.0, 50.0, 10.0, -60.0])
    lines = drawn(curve, 40, 4, percent=lambda share: f"{share:.0%}")
    assert [len(line) for line in lines] == [len(lines[0])] * 4
    assert lines[0].startswith("160%")
    assert lines[-1].strip().startswith("0%")
    assert lines[0].endswith("┤ ▆█ ")
    assert share_at(curve, 0) == 0
    assert share_at(curve, 4) == 1


def test_bars_of_the_bridge_hang_from_the_subtotal_before():
    levels = {"gross_sales": 100, "returns": -20, "reductions": -10, "net_revenue": 70,
              "goods": -40, "contribution_1": 30}  # fmt: skip
    exact = {name: Decimal(amount) for name, amount in levels.items()}
    assert 'x="80.00" width="20.00"' in bridge_bar(exact, "returns")
    assert 'x="70.00" width="10.00"' in bridge_bar(exact, "reductions")
    assert 'x="30.00" width="40.00"' in bridge_bar(exact, "goods")
    assert 'x="0.00" width="30.00"' in bridge_bar(exact, "contribution_1")
