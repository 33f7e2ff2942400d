"""The report as one JSON object: the contract that other programs rely on."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kundenstamm.cli.report.reasons import why
from kundenstamm.kit.money import to_cents

if TYPE_CHECKING:
    from kundenstamm.cli.report.figures import Report, Sum
    from kundenstamm.kit.words import Words


def as_json(found: Report, say: Words, top: int) -> str:
    return json.dumps(as_data(found, say, top), ensure_ascii=False, indent=2, allow_nan=False)


def as_data(found: Report, say: Words, top: int) -> dict[str, Any]:
    """Money as strings with two decimals, days in ISO form, shares as numbers.

    ``net_revenue``, the amounts of ``refused`` and that of ``later`` (lines after ``as_of``) add
    up to ``amount``, the file's total, to the cent.
    """
    levels, at_risk = found.levels, found.at_risk()
    return {
        "file": found.file,
        "as_of": found.as_of.isoformat(),
        "as_of_chosen": found.as_of_chosen,
        "first_day": found.first_day.isoformat(),
        "last_day": found.last_day.isoformat(),
        "currency": found.currency or None,
        "lines": found.lines,
        "amount": _money(found.amount),
        "accepted": found.accepted,
        "accepted_amount": _money(found.accepted_amount),
        "refused": {code: _sum(each) for code, each in found.refused.items()},
        "later": _sum(found.later),
        "customers": found.customers.height,
        "gross_sales": _money(levels["gross_sales"]),
        "returns": _money(levels["returns"]),
        "discounts": _money(levels["reductions"]),
        "net_revenue": _money(levels["net_revenue"]),
        "goods": _money(levels["goods"]),
        "contribution_1": _money(levels["contribution_1"]),
        "estimated_margin": found.estimated,
        "margin": float(found.margin) if found.estimated else None,
        "stages": found.stages,
        "whale": found.whale.as_data() if found.whale else None,
        "expected_contribution": _estimate(found.customers["expected_contribution"].sum()),
        "no_expectation": found.refusal or None,
        "customers_at_risk": at_risk.height,
        "value_at_risk": _estimate(at_risk["value_at_risk"].sum()),
        "at_risk": [_customer(row, say) for row in at_risk.head(top).to_dicts()],
        "top": [_customer(row, say) for row in found.best(top)],
        "bottom": [_customer(row, say) for row in found.worst(top)],
        "columns": dict(found.mapping.columns),
        "dialect": found.checked.raw.dialect.as_data(),
    }


def _customer(row: dict[str, Any], say: Words) -> dict[str, Any]:
    return {
        "customer": row["customer_id"],
        "name": row["name"],
        "net_sales": _money(row["net_sales"]),
        "contribution_1": _money(row["contribution"]),
        "occasions": row["occasions"],
        "last_day": row["last_day"].isoformat() if row["last_day"] else None,
        "stage": row["stage"],
        "why": why(row["reason"], say),
        "p_active": _rounded(row["p_active"]),
        "expected_contribution": _estimate(row["expected_contribution"]),
        "low": _estimate(row["low"]),
        "high": _estimate(row["high"]),
        "value_at_risk": _estimate(row["value_at_risk"]),
    }


def _sum(each: Sum) -> dict[str, Any]:
    return {"count": each.count, "amount": _money(each.amount)}


def _money(amount: Decimal) -> str:
    # Adding nothing turns a minus zero into zero.
    return str(to_cents(Decimal(amount)) + 0)


def _estimate(amount: float | Decimal | None) -> str | None:
    return None if amount is None else _money(Decimal(repr(float(amount))))


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
