"""A real wholesaler's file goes through as it is, and its totals reconcile to the cent."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from kundenstamm.importers import sales
from kundenstamm.importers.files import read
from kundenstamm.importers.identity import identified
from kundenstamm.importers.mapping import guess
from kundenstamm.importers.tests.conftest import TODAY

ROOT = Path(__file__).resolve().parents[4]
SHARED = Path(os.environ.get("KUNDENSTAMM_SHARED_DATA", ROOT.parent / "shared" / "data"))
FILE = SHARED / "online_retail_II.parquet"


@pytest.fixture(scope="module")
def found():
    if not FILE.exists():
        pytest.skip(f"{FILE.name} is not here (set KUNDENSTAMM_SHARED_DATA)")
    raw = read(FILE)
    return sales.check(raw, guess(raw, "sales"), sales.Rules(TODAY))


def test_every_line_and_every_penny_is_accounted_for(found):
    lines = pl.read_parquet(FILE)
    # Independent of our reading of numbers: whole thousandths, added up as integers.
    thousandths = (lines["qty"] * (lines["price"] * 1000).round().cast(pl.Int64)).sum()
    assert found.lines == lines.height == 1_044_847
    assert found.accepted_amount + found.refused_amount == Decimal(thousandths) / 1000


def test_what_is_refused_and_why(found):
    assert found.reasons() == {
        "no_customer": (228_813, Decimal("2869853.73")),
        "stock_booking": (5_954, Decimal(0)),
        "manual_booking": (520, Decimal("-303760.65")),
        "test_article": (16, Decimal("203.50")),
    }


def test_returns_credit_notes_and_discounts_are_told_apart(found):
    kinds = dict(found.accepted.group_by("kind").agg(pl.col("amount").sum()).iter_rows())
    assert set(kinds) == {10, 20, 21, 30}
    assert kinds[10] > 17_000_000
    assert all(amount < 0 for kind, amount in kinds.items() if kind != 10)
    assert sum(kinds.values()) == found.accepted_amount


@pytest.mark.slow
def test_every_line_has_an_identity_of_its_own(found):
    keys = identified(found.accepted).select("document", "line")
    assert keys.is_unique().all()
