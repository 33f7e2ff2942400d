"""Figures as people read them, in both languages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from kundenstamm.company.actions import describe
from kundenstamm.web.shell import figures

NB = "\u00a0"


@pytest.mark.parametrize(
    ("shown", "value", "german", "english"),
    [
        (figures.share, 0.1325, f"13{NB}%", "13%"),
        (figures.share, -0.18, f"−18{NB}%", "−18%"),
        (figures.share, Decimal("0.996"), f"100{NB}%", "100%"),
        (figures.share, -0.001, f"0{NB}%", "0%"),
        (figures.share, None, "–", "–"),
        (figures.signed_share, 0.041, f"+4,1{NB}%", "+4.1%"),
        (figures.signed_share, -0.041, f"−4,1{NB}%", "−4.1%"),
        (figures.chance, 0.54, f"54{NB}%", "54%"),
        (figures.chance, 0.999, f">{NB}99{NB}%", f">{NB}99%"),
        (figures.chance, 0.0, f"<{NB}1{NB}%", f"<{NB}1%"),
        (figures.number, 1284310, "1.284.310", "1,284,310"),
        (figures.number, -2.5, "−2", "−2"),
        (figures.number, 569.8, "570", "570"),
    ],
)
def test_numbers_and_shares(shown, value, german, english):
    with translation.override("de"):
        assert shown(value) == german
    with translation.override("en"):
        assert shown(value) == english


@pytest.mark.parametrize(
    ("source", "german", "english"),
    [
        ("{% money amount %}", f"1.284.311{NB}€", "€1,284,311"),
        ("{% money amount 2 %}", f"1.284.310,60{NB}€", "€1,284,310.60"),
        ("{% money nothing %}", "–", "–"),
        ("{% about amount %}", f"1.280.000{NB}€", "€1,280,000"),
        ("{% about few %}", f"47{NB}€", "€47"),
        ("{% interval low high %}", f"80{NB}%: 4.120–14.600{NB}€", "80%: €4,120–14,600"),
        ("{% interval loss high %}", f"80{NB}%: −312{NB}€ – 14.600{NB}€", "80%: −€312 – €14,600"),
        ("{% interval nothing high %}", "", ""),
    ],
)
@pytest.mark.django_db
def test_money(source, german, english):
    context = {
        "amount": Decimal("1284310.60"), "few": Decimal("47.11"), "nothing": None,
        "low": Decimal("4123"), "high": Decimal("14567"), "loss": Decimal("-312.4"),
    }  # fmt: skip
    template = Template("{% load figures %}" + source)
    with translation.override("de"):
        assert template.render(Context(context)) == german
    with translation.override("en"):
        assert template.render(Context(context)) == english


def test_other_currencies_by_their_code(frieda):
    describe({"currency": "CHF"}, actor=frieda, at=frieda.created_at)
    template = Template("{% load figures %}{% money amount %} {% interval amount amount %}")
    with translation.override("de"):
        shown = template.render(Context({"amount": Decimal(500)}))
    assert shown == f"500{NB}CHF 80{NB}%: 500–500{NB}CHF"


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.4", 0), ("47.4", 47), ("861.2", 861), ("14567", 14600), ("-8283", -8280)],
)
def test_estimates_feign_no_precision(exact, rounded):
    assert figures.rounded(Decimal(exact)) == rounded
