"""Staff, pools and products of the invented company."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import polars as pl

from kundenstamm.worth.synthetic.company import MONEY, Plan, cents
from kundenstamm.worth.synthetic.vocabulary import ARTICLES, CATEGORIES

PROFILE: dict[str, str | int | Decimal] = {
    "name": "Falkenried Werkzeug & Technik GmbH",
    "offer": "Werkzeug, Armaturen und Verbrauchsmaterial, kommissioniert und am nächsten Tag da.",
    "audience": "Handwerksbetriebe, Salons und Fachhändler, die wenig Geld im Lager binden wollen.",
    "currency": "EUR",
    "fiscal_year_start": 1,
    "financing_rate": Decimal("0.09"),
}
REPRESENTATIVES = (
    ("AS", "Anna Schlehdorn", "Nord"),
    ("BK", "Bernd Kornblum", "West"),
    ("CM", "Clara Mohnacker", "Mitte"),
    ("LB", "Lutz Buchfink", "Süd"),
    ("MY", "Marta Ysopfeld", "Mitte"),
)
CLARA_LEFT_DAYS_AGO = 240
# name, monthly cost, capacity in minutes
POOLS = (
    ("Außendienst", 15_960, 17_500),
    ("Innendienst", 14_025, 19_550),
    ("Lager und Versand", 6_600, 9_900),
    ("Kundendienst", 1_900, 2_700),
)


def staff(plan: Plan) -> pl.DataFrame:
    began = plan.until - timedelta(days=plan.days + 900)
    left = plan.until - timedelta(days=CLARA_LEFT_DAYS_AGO)
    rows = [
        (code, name, "representative", began, left if code == "CM" else None)
        for code, name, _region in REPRESENTATIVES
    ]
    rows += [
        ("FF", "Frieda Falkenried", "owner", began, None),
        ("DH", "Doris Haselbrink", "controller", began, None),
        ("EN", "Emil Nussbach", "auditor", began, None),
        ("IR", "Ida Rosenstiel", "service", began, None),
        ("JT", "Jost Tannhof", "service", began, None),
        ("WL", "Wim Lerchenau", "warehouse", began, None),
    ]
    return pl.DataFrame(
        rows, ["code", "name", "role", "starts", "ends"], orient="row", infer_schema_length=None
    )


def pools() -> pl.DataFrame:
    rows = [(name, cost, capacity, cost / capacity) for name, cost, capacity in POOLS]
    return pl.DataFrame(
        rows,
        ["name", "monthly_cost", "capacity_minutes", "rate"],
        orient="row",
        infer_schema_length=None,
    )


def products(plan: Plan) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Categories, products and their costs, which rise faster than the prices do."""
    rng = plan.stream("products")
    rows: list[tuple[object, ...]] = []
    costs: list[tuple[object, ...]] = []
    for group, (category, count, low, high, margin) in enumerate(CATEGORIES, start=1):
        for n in range(1, count + 1):
            number = f"{group}{n:03d}"
            price = float(np.exp(rng.uniform(np.log(low), np.log(high))))
            share = float(np.clip(rng.normal(margin, 0.06), 0.08, 0.62))
            name = f"{category.split(' ')[0]} {ARTICLES[n % len(ARTICLES)]} {n:02d}"
            rows.append((number, name, category, cents(price)))
            costs += _cost_steps(plan, number, price * (1 - share), rng)
    frame = pl.DataFrame(
        rows,
        ["product", "product_name", "category", "list_price"],
        orient="row",
        infer_schema_length=None,
    )
    steps = pl.DataFrame(
        costs, ["product", "unit_cost", "valid_from"], orient="row", infer_schema_length=None
    )
    groups = pl.DataFrame(
        [(c[0], c[4]) for c in CATEGORIES],
        ["name", "margin"],
        orient="row",
        infer_schema_length=None,
    )
    return (
        groups,
        frame.with_columns(pl.col("list_price").cast(MONEY)),
        steps.with_columns(pl.col("unit_cost").cast(MONEY)),
    )


def _cost_steps(
    plan: Plan, number: str, cost: float, rng: np.random.Generator
) -> list[tuple[object, ...]]:
    began = plan.until - timedelta(days=plan.days + 60)
    steps: list[tuple[object, ...]] = [(number, cents(cost), date(began.year, 1, 1))]
    for year in range(began.year + 1, plan.until.year + 1):
        cost *= float(rng.uniform(1.0, 1.05))
        steps.append((number, cents(cost), date(year, 1, 1)))
    return steps
