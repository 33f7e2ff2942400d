"""Numbers, money and days in both languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kundenstamm.kit.words import language_of, words


@pytest.mark.parametrize(
    ("language", "amount", "currency", "shown"),
    [
        ("de", "1234.5", "EUR", "1.234,50\u00a0€"),
        ("de", "-1234567.005", "", "−1.234.567,00"),
        ("en", "1234.5", "EUR", "€1,234.50"),
        ("en", "-3.999", "GBP", "−£4.00"),
        ("en", "12", "CHF", "12.00\u00a0CHF"),
        ("en", "-0.001", "USD", "$0.00"),
    ],
)
def test_money(language, amount, currency, shown):
    assert words(language).money(Decimal(amount), currency) == shown


def test_days_counts_and_shares():
    german, english = words("de"), words("en")
    day = date(2026, 3, 5)
    assert (german.day(day), english.day(day)) == ("05.03.2026", "5 Mar 2026")
    assert (german.count(1_044_847), english.count(1_044_847)) == ("1.044.847", "1,044,847")
    assert (german.share(0.1234, 1), english.share(0.1234, 1)) == ("12,3\u00a0%", "12.3%")
    assert english.money(1234.56, "EUR", decimals=0) == "€1,235"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LC_ALL": "de_AT", "LANG": "en_US"}, "de"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANGUAGE": "", "LANG": "fr_FR"}, "en"),
    ],
)
def test_the_language_of_the_system(environment, language):
    assert language_of(environment) == language


def test_a_language_without_a_catalog_speaks_english(tmp_path):
    assert words("de", tmp_path).say("Net revenue {sum}", sum=5) == "Net revenue 5"
