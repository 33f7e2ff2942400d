"""Kinds of ledger entries and the levels of profit they belong to.

Multi-level contribution accounting (Deckungsbeitragsrechnung): every amount is signed as it acts
on profit, so each subtotal is the plain sum of all levels down to it. Sums are exact
(``decimal(18, 4)`` in, wider decimals out); rounding happens when a figure is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir


class Kind(IntEnum):
    """What an entry is about. The tens digit is its level."""

    SALE = 10
    RETURN = 20
    CREDIT_NOTE = 21
    DISCOUNT = 30
    REBATE = 31
    BONUS = 32
    PROMOTION = 33
    COGS = 40
    ORDER = 50
    DELIVERY = 51
    VISIT = 52
    SUPPORT = 53
    COMPLAINT = 54
    PAYMENT_DELAY = 55
    ACQUISITION = 60
    RETENTION = 61

    @property
    def level(self) -> Level:
        return Level(self // 10)


class Level(IntEnum):
    """From gross sales down to customer profit."""

    GROSS_SALES = 1
    RETURNS = 2
    REDUCTIONS = 3
    GOODS = 4
    COST_TO_SERVE = 5
    WINNING = 6


# A subtotal is the sum of all levels up to and including the one named.
SUBTOTALS: Mapping[str, Level] = {
    "gross_sales": Level.GROSS_SALES,
    "net_revenue": Level.REDUCTIONS,
    "contribution_1": Level.GOODS,
    "contribution_2": Level.COST_TO_SERVE,
    "contribution_3": Level.WINNING,
}

# The bridge from sales to profit, in the order a person reads it.
STATEMENT = (
    "gross_sales",
    "returns",
    "reductions",
    "net_revenue",
    "goods",
    "contribution_1",
    "cost_to_serve",
    "contribution_2",
    "winning",
    "contribution_3",
)


def statement(amounts: Mapping[int, Decimal]) -> dict[str, Decimal]:
    """Levels and subtotals from the sums by kind.

    Parameters
    ----------
    amounts
        Kind → exact sum of its entries, signed as they act on profit.

    Returns
    -------
    dict
        The keys of `STATEMENT`; each subtotal equals the sum of the levels above it.

    Examples
    --------
    >>> bridge = statement({10: Decimal("100.00"), 31: Decimal("-5.00"), 40: Decimal("-60.00")})
    >>> str(bridge["net_revenue"]), str(bridge["contribution_1"])
    ('95.00', '35.00')
    """
    levels = {level: Decimal(0) for level in Level}
    for kind, amount in amounts.items():
        levels[Kind(kind).level] += amount
    named: dict[str, Decimal] = {level.name.lower(): total for level, total in levels.items()}
    for name, last in SUBTOTALS.items():
        named[name] = sum((levels[level] for level in Level if level <= last), Decimal(0))
    return {name: named[name] for name in STATEMENT}


def statements(lines: ir.Table, by: tuple[str, ...] = ("customer_id",)) -> ir.Table:
    """The same for many groups at once, as an Ibis expression.

    Parameters
    ----------
    lines
        The transactions table (see `kundenstamm.worth.tables.LINES`).
    by
        Columns to group by, for example ``("customer_id",)``; ``()`` for one row in all.

    Returns
    -------
    ibis.Table
        ``by`` and the columns of `STATEMENT`, in the unit of ``lines.amount``.
    """
    level = (lines.kind.cast("int32") / 10).floor().cast("int32")
    nothing = 0
    columns = {
        each.name.lower(): lines.amount.sum(where=level == int(each)).fill_null(nothing)
        for each in Level
    } | {
        name: lines.amount.sum(where=level <= int(last)).fill_null(nothing)
        for name, last in SUBTOTALS.items()
    }
    ordered = {name: columns[name] for name in STATEMENT}
    return lines.group_by(list(by)).agg(**ordered) if by else lines.agg(**ordered)
