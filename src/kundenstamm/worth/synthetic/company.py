"""The sample company as tables; who is who and what each column holds."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl

from kundenstamm.worth.levels import Kind

MONEY = pl.Decimal(18, 4)


@dataclass(frozen=True)
class Plan:
    """What to make. The same plan gives the same company, byte for byte."""

    until: date
    seed: int = 7
    customers: int = 804
    years: int = 3

    @property
    def days(self) -> int:
        return self.years * 365

    def stream(self, topic: str) -> np.random.Generator:
        """Random numbers of one topic: a further topic changes nothing of the others."""
        return np.random.default_rng([self.seed, zlib.crc32(topic.encode())])


@dataclass(frozen=True)
class SampleCompany:
    """Tables of an invented wholesaler. Days are `date`, money is Decimal(18, 4) in euros.

    Attributes
    ----------
    profile
        ``name``, ``offer``, ``audience``, ``currency``, ``fiscal_year_start``, ``financing_rate``.
    staff
        ``code``, ``name``, ``role``, ``starts``, ``ends`` (null: still here).
    pools
        ``name``, ``monthly_cost``, ``capacity_minutes``, ``rate`` (euros per minute).
    categories
        ``name``, ``margin``.
    products
        ``product``, ``product_name``, ``category``, ``list_price``.
    product_costs
        ``product``, ``unit_cost``, ``valid_from``.
    customers
        ``customer``, ``customer_name``, ``kind``, ``link``, ``supplied_by``, ``trade``,
        ``country``, ``region``, ``postcode``, ``city``, ``contact``, ``email``, ``phone``,
        ``since``, ``channel``, ``confidential``.
    assignments
        ``customer``, ``representative`` (code), ``starts``, ``ends``.
    sales
        ``customer``, ``customer_name``, ``date``, ``kind`` (`Kind`), ``document``, ``line``,
        ``product``, ``product_name``, ``category``, ``quantity``, ``price``, ``amount`` (signed).
    activities
        ``customer``, ``date``, ``kind`` (visit, call, mail, delivery, order), ``person``,
        ``minutes``, ``note``.
    complaints
        ``customer``, ``opened``, ``solved`` (null: open), ``cause``, ``text``, ``minutes``.
    payments
        ``customer``, ``document``, ``due``, ``paid`` (null: open), ``amount``, ``days_late`` (so
        far).
    service_costs
        What serving cost, work at the pools' standard rates: ``customer``, ``date``, ``kind``,
        ``amount`` (negative), ``document``, ``line``, ``minutes``, ``pool`` (null: no pool's work
        but money: freight, interest, winning).
    agreements
        ``customer``, ``kind`` (rebate, bonus, promotion), ``share``, ``starts``, ``ends``.
    channel_spend
        ``month``, ``channel``, ``amount``.
    rival_sightings
        ``customer``, ``date``, ``rival``, ``note``.
    prospects
        ``name``, ``trade``, ``expected_sales``, ``asked_rebate``, ``note``.
    truth
        What no real company knows: ``customer``, ``rate`` (orders a year), ``regularity``,
        ``dropout`` (null: still active), ``order_size``, ``service`` (1 = usual), ``story``.
    """

    profile: dict[str, str | int | Decimal]
    staff: pl.DataFrame
    pools: pl.DataFrame
    categories: pl.DataFrame
    products: pl.DataFrame
    product_costs: pl.DataFrame
    customers: pl.DataFrame
    assignments: pl.DataFrame
    sales: pl.DataFrame
    activities: pl.DataFrame
    complaints: pl.DataFrame
    payments: pl.DataFrame
    service_costs: pl.DataFrame
    agreements: pl.DataFrame
    channel_spend: pl.DataFrame
    rival_sightings: pl.DataFrame
    prospects: pl.DataFrame
    truth: pl.DataFrame = field(repr=False)

    def lines(self) -> pl.DataFrame:
        """The transactions table of `kundenstamm.worth`, cost of goods and of service included."""
        sold = self.sales.select(
            customer_id="customer", date="date", kind="kind", amount="amount",
            quantity=pl.col("quantity").cast(MONEY), product_id="product",
        )  # fmt: skip
        served = self.service_costs.select(
            customer_id="customer", date="date", kind="kind", amount="amount",
            quantity=pl.lit(None, MONEY), product_id=pl.lit(None, pl.String),
        )  # fmt: skip
        return pl.concat([sold, self._goods(sold), served])

    def _goods(self, sold: pl.DataFrame) -> pl.DataFrame:
        """Quantity × the unit cost that holds on the day; a return gives it back."""
        moved = sold.filter(pl.col("kind") < int(Kind.DISCOUNT), pl.col("product_id").is_not_null())
        costs = self.product_costs.sort("valid_from").rename({"product": "product_id"})
        priced = moved.sort("date").join_asof(
            costs, left_on="date", right_on="valid_from", by="product_id", check_sortedness=False
        )
        goods = -(pl.col("quantity") * pl.col("unit_cost"))
        return priced.select(
            "customer_id", "date", kind=pl.lit(int(Kind.COGS), pl.Int16),
            amount=goods.cast(MONEY), quantity="quantity", product_id="product_id",
        )  # fmt: skip

    def sales_file(self) -> pl.DataFrame:
        """Sales as a German merchandise system would export them."""
        return self.sales.select(
            Kundennummer="customer", Kunde="customer_name", Belegdatum="date",
            Belegnummer="document", Position="line", Artikelnummer="product",
            Bezeichnung="product_name", Warengruppe="category", Menge="quantity",
            Einzelpreis="price", Nettobetrag=pl.col("amount").cast(pl.Decimal(18, 2)),
        )  # fmt: skip


def cents(value: float) -> Decimal:
    """Exact euros with two decimals, in the ledger's scale."""
    return Decimal(round(value * 100)).scaleb(-2)
