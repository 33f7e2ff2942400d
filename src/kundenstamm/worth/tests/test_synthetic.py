"""The sample company: the same for the same seed, whole in itself, and like a real base."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from kundenstamm.worth.levels import Kind, statement
from kundenstamm.worth.synthetic import sample_company
from kundenstamm.worth.whale import whale

UNTIL = date(2026, 6, 27)


@pytest.fixture(scope="module")
def company():
    return sample_company(UNTIL)


def _sums(lines: pl.DataFrame) -> dict:
    sums = lines.group_by("kind").agg(pl.col("amount").cast(pl.Decimal(38, 4)).sum())
    return statement(dict(sums.rows()))


def test_equal_seeds_give_equal_tables():
    one = sample_company(UNTIL, seed=3, customers=40, years=1)
    two = sample_company(UNTIL, seed=3, customers=40, years=1)
    other = sample_company(UNTIL, seed=4, customers=40, years=1)
    assert one.sales.equals(two.sales)
    assert one.service_costs.equals(two.service_costs)
    assert not one.sales.equals(other.sales)


@pytest.mark.parametrize(
    "table", ["sales", "activities", "complaints", "payments", "service_costs", "assignments",
              "agreements", "rival_sightings", "truth"],
)  # fmt: skip
def test_every_row_speaks_of_a_customer_there_is(company, table):
    known = set(company.customers["customer"])
    assert set(getattr(company, table)["customer"]) <= known


def test_products_and_dealers_are_there(company):
    assert set(company.sales["product"].drop_nulls()) <= set(company.products["product"])
    assert set(company.product_costs["product"]) == set(company.products["product"])
    assert set(company.customers["supplied_by"].drop_nulls()) <= set(company.customers["customer"])


def test_documents_and_lines_are_unique(company):
    for table in (company.sales, company.service_costs):
        assert not table.select("document", "line").is_duplicated().any()


def test_days_lie_in_the_history_and_nobody_buys_on_sundays(company):
    days = company.sales["date"]
    assert days.max() <= UNTIL
    assert days.min() >= date(2023, 6, 1)
    orders = company.sales.filter(pl.col("kind") == int(Kind.SALE))["date"]
    assert (orders.dt.weekday() != 7).all()


def test_it_looks_like_a_wholesaler(company):
    levels = {name: float(value) for name, value in _sums(company.lines()).items()}
    gross, net = levels["gross_sales"], levels["net_revenue"]
    assert 0.03 < -levels["returns"] / gross < 0.07
    assert 0.05 < -levels["reductions"] / gross < 0.09
    assert 0.26 < levels["contribution_1"] / net < 0.36
    assert 0.05 < levels["contribution_3"] / net < 0.25
    assert 25_000 < company.sales.height < 80_000


def test_goods_are_quantity_times_the_cost_of_the_day(company):
    goods = company.lines().filter(pl.col("kind") == int(Kind.COGS))
    sold = company.sales.filter(pl.col("product").is_not_null())
    assert goods.height == sold.height
    assert goods["amount"].null_count() == 0


def test_the_whale_shows(company):
    year = company.lines().filter(pl.col("date") > date(2025, 6, 27))
    profit = year.group_by("customer_id").agg(pl.col("amount").cast(float).sum())
    curve = whale(profit["amount"])
    assert curve is not None
    assert 1.10 < curve.peak_share < 1.45


def test_some_of_the_biggest_cost_money(company):
    year = company.lines().filter(pl.col("date") > date(2025, 6, 27))
    by_customer = year.group_by("customer_id").agg(
        profit=pl.col("amount").cast(float).sum(),
        sales=pl.col("amount").filter(pl.col("kind") < 40).cast(float).sum(),
    )
    assert (by_customer.top_k(20, by="sales")["profit"] < 0).any()


def test_the_stories_are_told(company):
    names = set(company.customers["customer_name"])
    assert {"Hofmann Haustechnik GmbH", "Salon Berger", "Nord-Süd Handels KG"} <= names
    dealer = company.customers.filter(pl.col("customer_name") == "Nord-Süd Handels KG")
    behind = company.customers.filter(pl.col("supplied_by") == dealer["customer"][0])
    assert behind.height == 41
    renewed = company.agreements.filter(
        pl.col("customer") == dealer["customer"][0], pl.col("kind") == "promotion"
    )
    assert renewed.height >= 4
    assert company.staff.filter(pl.col("code") == "CM")["ends"].null_count() == 0


def test_nobody_can_be_reached(company):
    assert company.customers["email"].str.ends_with("@example.com").all()
    assert company.customers["phone"].str.starts_with("030 23125 ").all()


def test_refuses_a_company_too_small():
    with pytest.raises(ValueError, match="20 customers"):
        sample_company(UNTIL, customers=3)
