"""A small company's sales, and the command run on them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from kundenstamm.cli.main import app

HEAD = "Kundennummer;Kunde;Belegdatum;Beleg;Artikel;Netto"


def _rows() -> list[str]:
    """Anna buys every thirty days, Bernd stopped, Clara came last, Doris only sent back."""
    rows = []
    for number in range(24):
        rows.append(("1", "Anna", date(2023, 1, 10) + timedelta(days=30 * number), "Ware", 100))
        if number < 12:
            rows.append(("2", "Bernd", date(2023, 1, 5) + timedelta(days=28 * number), "Ware", 50))
    rows.append(("3", "Clara", date(2024, 11, 20), "Ware", 20))
    rows.append(("4", "Doris", date(2024, 3, 1), "Ware", -30))
    rows.append(("1", "Anna", date(2024, 3, 2), "Jahresbonus", -40))
    return [
        f"{number};{name};{day:%d.%m.%Y};R{n};{article};{amount},00"
        for n, (number, name, day, article, amount) in enumerate(rows)
    ]


@pytest.fixture
def sales_file(tmp_path: Path) -> Path:
    refused = [";;01.02.2024;R90;Ware;12,34", "1;Anna;;R91;Ware;0,01", "9;Emil;heute;R92;Ware;1,00"]
    path = tmp_path / "umsatz.csv"
    path.write_text("\n".join([HEAD, *_rows(), *refused]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def kundenstamm(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str | Path, **environment: str) -> Result:
        command = app(only=str(words[0]))
        return CliRunner().invoke(command, [str(word) for word in words], env=environment)

    return run
