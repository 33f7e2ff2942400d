"""The figures of a report: computed once, shown as JSON, in the terminal or as a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kundenstamm import worth
from kundenstamm.cli.report.goods import with_goods
from kundenstamm.kit.money import shown_parts, to_cents
from kundenstamm.kit.words import gettext_noop
from kundenstamm.worth.levels import statement
from kundenstamm.worth.whale import Whale, whale

if TYPE_CHECKING:
    import polars as pl

    from kundenstamm.importers.checked import Checked
    from kundenstamm.importers.mapping import Mapping

DEFAULT_MARGIN = Decimal("0.35")
NOTHING = Decimal(0)

NO_GOOD_LINE = gettext_noop(
    "{file}: none of the {lines} lines can be used. Mend them, or name the right columns with "
    "--map."
)
NOTHING_BEFORE = gettext_noop(
    "{file}: no line stands before {as_of}; the oldest is of {first}. Choose a later --as-of."
)


class NothingToReport(ValueError):  # noqa: N818
    """The file can be read, but no line of it counts."""

    def __init__(self, template: str, checked: Checked, **values: Any) -> None:
        self.template, self.checked, self.values = template, checked, values
        super().__init__(template.format(**values))


@dataclass(frozen=True)
class Sum:
    """A number of lines and their amount, as shown: whole cents."""

    count: int
    amount: Decimal


@dataclass(frozen=True)
class Report:
    """What one file says about its customers.

    Money is in whole cents. ``refused`` and ``later`` (lines after ``as_of``) and ``net_revenue``
    add up to ``amount``, the file's total. ``customers`` has one row per customer, best first:
    ``customer_id``, ``name``, ``net_sales``, ``contribution``, ``stage``, ``since``, ``reason`` and
    the columns of `kundenstamm.worth.value.value`.
    """

    file: str
    checked: Checked
    mapping: Mapping
    currency: str
    margin: Decimal
    as_of: date
    as_of_chosen: bool
    first_day: date
    last_day: date
    accepted: int
    amount: Decimal
    levels: dict[str, Decimal]
    refused: dict[str, Sum]
    later: Sum
    estimated: bool
    customers: pl.DataFrame
    whale: Whale | None
    refusal: str

    @property
    def lines(self) -> int:
        return self.checked.lines

    @property
    def accepted_amount(self) -> Decimal:
        return self.levels["net_revenue"] + self.later.amount

    @property
    def stages(self) -> dict[str, int]:
        counted = dict(self.customers["stage"].value_counts().iter_rows())
        return {str(stage): counted.get(stage, 0) for stage in worth.Stage}

    def best(self, count: int) -> list[dict[str, Any]]:
        return self.customers.head(count).to_dicts()

    def worst(self, count: int) -> list[dict[str, Any]]:
        """The lowest contribution first; nobody who already stands among the best."""
        return self.customers.slice(count).tail(count).reverse().to_dicts()

    def at_risk(self) -> pl.DataFrame:
        """Customers at risk whose loss would cost something, the dearest first."""
        import polars as pl

        endangered = self.customers.filter(
            (pl.col("stage") == "at_risk") & (pl.col("value_at_risk") > 0)
        )
        return endangered.sort("value_at_risk", "customer_id", descending=[True, False])


def report(
    checked: Checked,
    mapping: Mapping,
    *,
    as_of: date | None = None,
    margin: Decimal | None = None,
    currency: str = "",
) -> Report:
    """Compute the report.

    Parameters
    ----------
    checked, mapping
        A checked sales file.
    as_of
        The last day that counts; None: the day of the newest good line.
    margin
        Share of net sales left after the goods, for lines whose goods have no cost in the file;
        rounded to four decimals. `DEFAULT_MARGIN` if None.

    Raises
    ------
    NothingToReport
        No line is good, or none up to ``as_of``.
    """
    good = checked.accepted
    if good.height == 0:
        raise NothingToReport(
            NO_GOOD_LINE, checked, file=checked.raw.path.name, lines=checked.lines
        )
    day = as_of or _day(good["date"].max())
    if _day(good["date"].min()) > day:
        raise NothingToReport(
            NOTHING_BEFORE,
            checked,
            file=checked.raw.path.name,
            as_of=day.isoformat(),
            first=_day(good["date"].min()).isoformat(),
        )
    share = (DEFAULT_MARGIN if margin is None else margin).quantize(Decimal("0.0001"))
    entries = with_goods(good, share)
    return _computed(checked, mapping, entries, day, share, as_of is not None, currency)


def _computed(
    checked: Checked,
    mapping: Mapping,
    entries: pl.DataFrame,
    as_of: date,
    margin: Decimal,
    chosen: bool,
    currency: str,
) -> Report:
    import polars as pl

    good = checked.accepted
    known = entries.filter(pl.col("date") <= as_of)
    exact = statement(_by_kind(known))
    later_lines = good.filter(pl.col("date") > as_of)
    later = _net(entries.filter(pl.col("date") > as_of))
    amount = to_cents(exact["net_revenue"] + later + checked.refused_amount)
    levels = _shown(exact)
    refused = checked.reasons()
    shares = _parts_of(amount - levels["net_revenue"], [later, *(a for _, a in refused.values())])
    customers, fitted_refusal = _customers(known, good, as_of)
    return Report(
        file=checked.raw.path.name,
        checked=checked,
        mapping=mapping,
        currency=currency,
        margin=margin,
        as_of=as_of,
        as_of_chosen=chosen,
        first_day=_day(known["date"].min()),
        last_day=_day(known["date"].max()),
        accepted=good.height,
        amount=amount,
        levels=levels,
        refused={
            code: Sum(count, shown)
            for (code, (count, _)), shown in zip(refused.items(), shares[1:], strict=True)
        },
        later=Sum(later_lines.height, shares[0]),
        estimated=bool(known["estimated"].any()),
        customers=customers,
        whale=whale(customers["contribution"].cast(float).to_numpy()),
        refusal=fitted_refusal,
    )


def _customers(known: pl.DataFrame, good: pl.DataFrame, as_of: date) -> tuple[pl.DataFrame, str]:
    """One row per customer, best contribution first; and why nothing is expected, if so."""
    import polars as pl

    daily = known.group_by("customer_id", "date", "kind").agg(
        pl.col("amount").sum().cast(pl.Decimal(18, 4))
    )
    # In a fixed order: the intervals are drawn customer by customer.
    summarised = worth.summarise(worth.read(daily), as_of).sort("customer_id")
    fitted = worth.fit(summarised)
    appraised = worth.appraise(summarised, as_of, fitted=fitted)
    names = (
        good.lazy()
        .filter(pl.col("customer_name").is_not_null())
        .group_by(customer_id="customer")
        .agg(name=pl.col("customer_name").last())
        .collect()
    )
    named = appraised.join(names, on="customer_id", how="left")
    return named.sort(
        "contribution", "customer_id", descending=[True, False], nulls_last=True
    ), fitted.refusal


def _by_kind(entries: pl.DataFrame) -> dict[int, Decimal]:
    import polars as pl

    return dict(entries.group_by("kind").agg(pl.col("amount").sum()).iter_rows())


def _net(entries: pl.DataFrame) -> Decimal:
    return statement(_by_kind(entries))["net_revenue"]


def _shown(exact: dict[str, Decimal]) -> dict[str, Decimal]:
    """In whole cents, so that the levels shown add up to the subtotals shown."""
    above = ("gross_sales", "returns", "reductions")
    levels = dict(zip(above, shown_parts([exact[name] for name in above]), strict=True))
    net, contribution = to_cents(exact["net_revenue"]), to_cents(exact["contribution_1"])
    return levels | {
        "net_revenue": net,
        "goods": contribution - net,
        "contribution_1": contribution,
    }


def _parts_of(goal: Decimal, parts: Sequence[Decimal]) -> list[Decimal]:
    """Parts in cents that add up to ``goal``, which is at most a cent off their rounded sum."""
    shown = shown_parts(parts)
    off = goal - sum(shown, NOTHING)
    if off:
        filled = [i for i, part in enumerate(parts) if part]
        nearest = max(filled, key=lambda i: (parts[i] - shown[i]) / off)
        shown[nearest] += off
    return shown


def _day(found: Any) -> date:
    if not isinstance(found, date):
        raise TypeError(f"{found!r} is not a day")
    return found
