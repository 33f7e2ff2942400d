"""The figures of a report: one file in, plain values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kundenstamm.kit.money import shown_parts, to_cents
from kundenstamm.worth.levels import Kind, Level, statement

if TYPE_CHECKING:
    import polars as pl

    from kundenstamm.importers.checked import Checked
    from kundenstamm.worth.whale import Whale

DEFAULT_MARGIN = Decimal("0.35")
STAGES = ("new", "repeat", "regular", "at_risk", "lost", "won_back", "prospect")


@dataclass(frozen=True)
class Options:
    """What the person said; ``as_of`` None: the day of the newest good line."""

    margin: Decimal = DEFAULT_MARGIN
    as_of: date | None = None
    currency: str = "EUR"
    top: int = 10


@dataclass(frozen=True)
class Report:
    """Everything the report shows. Money: exact decimals in the file's currency.

    ``customers`` has one row per customer: ``customer_id``, ``name``, ``net_sales``,
    ``contribution``, ``stage``, ``since``, ``reason`` and the expectation's columns.
    """

    checked: Checked
    options: Options
    as_of: date
    first_day: date
    levels: dict[str, Decimal]
    estimated_margin: bool
    customers: pl.DataFrame
    whale: Whale | None
    refusal: str

    @property
    def stages(self) -> dict[str, int]:
        counts = dict(self.customers["stage"].value_counts().rows())
        return {name: int(counts.get(name, 0)) for name in STAGES}

    def money(self) -> dict[str, Decimal]:
        """Gross sales, returns, reductions and each refused reason, in cents that add up."""
        reasons = self.checked.reasons()
        names = ["gross_sales", "returns", "reductions", *(f"refused {code}" for code in reasons)]
        exact = [self.levels[name] for name in names[:3]] + [a for _n, a in reasons.values()]
        shown = dict(zip(names, shown_parts(exact), strict=True))
        shown["net_revenue"] = sum((shown[name] for name in names[:3]), Decimal(0))
        shown["amount"] = sum((shown[name] for name in names), Decimal(0))
        return shown


def compute(checked: Checked, options: Options) -> Report:
    """Levels, stages, expectation and whale curve of the good rows.

    Raises
    ------
    ValueError
        There is no good row, or none up to ``as_of``.
    """
    import polars as pl

    from kundenstamm.worth.appraisal import appraise, fit, summarise
    from kundenstamm.worth.tables import read
    from kundenstamm.worth.whale import whale

    newest = checked.accepted["date"].max()
    if not isinstance(newest, date):
        raise ValueError("no good row")
    as_of = options.as_of or newest
    lines, estimated = entries(checked.accepted, options.margin)
    known = lines.filter(pl.col("date") <= as_of)
    if known.height == 0:
        raise ValueError("no row up to that day")
    summarised = summarise(read(known), as_of).sort("customer_id")
    fitted = fit(summarised)
    appraised = appraise(summarised, as_of, fitted=fitted)
    names = _names(checked.accepted)
    customers = appraised.join(names, on="customer_id", how="left")
    return Report(
        checked=checked,
        options=options,
        as_of=as_of,
        first_day=known["date"].min(),  # type: ignore[arg-type]
        levels=_levels(lines),
        estimated_margin=estimated,
        customers=customers,
        whale=whale(customers["contribution"].cast(pl.Float64)),
        refusal=fitted.refusal,
    )


def entries(accepted: pl.DataFrame, margin: Decimal) -> tuple[pl.DataFrame, bool]:
    """Good rows as the transactions table, goods beside them; whether any goods are estimated.

    Summed per customer, day and kind, which changes no figure and spares most of the work.
    """
    import polars as pl

    exact, wide = pl.Decimal(18, 4), pl.Decimal(38, 4)
    rows = accepted.select(
        pl.col("customer").alias("customer_id"), "date", "kind", "amount", "discount", "cost"
    )
    keys = ["customer_id", "date", "kind"]
    sold = rows.select(*keys, "amount")
    discounts = rows.filter(pl.col("discount").is_not_null()).select(
        "customer_id", "date", pl.lit(int(Kind.DISCOUNT), pl.Int16).alias("kind"),
        amount=pl.col("discount"),
    )  # fmt: skip
    goods_kind = pl.lit(int(Kind.COGS), pl.Int16).alias("kind")
    stated = rows.filter(pl.col("cost").is_not_null()).select(
        "customer_id", "date", goods_kind, amount=pl.col("cost")
    )
    # Price reductions for the customer as a whole lower the price, not what the goods cost.
    unstated = rows.filter(pl.col("cost").is_null() & (pl.col("kind") < 10 * int(Level.REDUCTIONS)))
    net = pl.col("amount") + pl.col("discount").fill_null(Decimal(0))
    estimated = unstated.select(
        "customer_id", "date", goods_kind,
        amount=(net * pl.lit(-(1 - margin), exact)).cast(exact),
    )  # fmt: skip
    lines = pl.concat([sold, discounts, stated, estimated])
    summed = lines.group_by(keys).agg(pl.col("amount").cast(wide).sum())
    return summed, unstated.height > 0


def as_json(report: Report) -> dict[str, Any]:
    """The object that ``--json`` prints; money as strings with two decimals."""
    money = report.money()
    reasons = report.checked.reasons()
    return {
        "file": report.checked.raw.path.name,
        "lines": report.checked.lines,
        "accepted": report.checked.accepted.height,
        "refused": {
            code: {"count": count, "amount": str(money[f"refused {code}"])}
            for code, (count, _amount) in reasons.items()
        },
        "customers": report.customers.height,
        "amount": str(money["amount"]),
        "accepted_amount": str(money["net_revenue"]),
        "gross_sales": str(money["gross_sales"]),
        "returns": str(money["returns"]),
        "reductions": str(money["reductions"]),
        "net_revenue": str(money["net_revenue"]),
        "contribution_1": str(to_cents(report.levels["contribution_1"])),
        "estimated_margin": report.estimated_margin,
        "margin": str(report.options.margin) if report.estimated_margin else None,
        "currency": report.options.currency,
        "stages": report.stages,
        "as_of": report.as_of.isoformat(),
        "first_day": report.first_day.isoformat(),
        "whale": report.whale.as_data() if report.whale else None,
        "expected_contribution": _sum(report, "expected_contribution"),
        "value_at_risk": _sum(report, "value_at_risk"),
        "top": _rows(best(report)),
        "bottom": _rows(worst(report)),
        "at_risk": _rows(at_risk(report)),
        "no_expectation": report.refusal or None,
    }


def best(report: Report) -> pl.DataFrame:
    return report.customers.sort("contribution", "customer_id", descending=[True, False]).head(
        report.options.top
    )


def worst(report: Report) -> pl.DataFrame:
    return report.customers.sort("contribution", "customer_id").head(report.options.top)


def at_risk(report: Report) -> pl.DataFrame:
    """Those whose silence puts most at stake."""
    import polars as pl

    late = report.customers.filter(pl.col("stage") == "at_risk")
    return late.sort("value_at_risk", "customer_id", descending=[True, False]).head(
        report.options.top
    )


def _names(accepted: pl.DataFrame) -> pl.DataFrame:
    """The newest name of each customer, if the file has names."""
    import polars as pl

    named = accepted.select(pl.col("customer").alias("customer_id"), "customer_name", "date")
    latest = named.filter(pl.col("customer_name").is_not_null()).sort("date")
    return latest.group_by("customer_id").agg(name=pl.col("customer_name").last())


def _levels(lines: pl.DataFrame) -> dict[str, Decimal]:
    import polars as pl

    sums = lines.group_by("kind").agg(pl.col("amount").sum())
    return statement({row["kind"]: Decimal(row["amount"]) for row in sums.to_dicts()})


def _sum(report: Report, column: str) -> str | None:
    total = report.customers[column].sum()
    return None if report.refusal else str(to_cents(Decimal(repr(float(total)))))


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    from kundenstamm.worth.stages import sentence

    return [
        {
            "customer": row["customer_id"],
            "name": row["name"],
            "net_sales": str(to_cents(row["net_sales"])),
            "contribution": str(to_cents(row["contribution"])),
            "stage": row["stage"],
            "since": row["since"].isoformat() if row["since"] else None,
            "reason": str(sentence(row["reason"])),
            "value_at_risk": None
            if row["value_at_risk"] is None
            else str(to_cents(Decimal(repr(row["value_at_risk"])))),
        }
        for row in frame.to_dicts()
    ]
