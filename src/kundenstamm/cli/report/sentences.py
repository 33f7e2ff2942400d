"""What the figures mean, in words; the terminal and the page say the same."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kundenstamm.kit.words import gettext_noop

if TYPE_CHECKING:
    from kundenstamm.cli.report.figures import Report
    from kundenstamm.kit.words import Words
    from kundenstamm.worth.whale import Whale

LEVELS = {
    "gross_sales": gettext_noop("Gross sales"),
    "returns": gettext_noop("Returns"),
    "reductions": gettext_noop("Price reductions"),
    "net_revenue": gettext_noop("Net revenue"),
    "goods": gettext_noop("Goods and services"),
    "contribution_1": gettext_noop("Contribution I"),
}

# Headings and labels of the terminal and the page.
LABELS = (
    gettext_noop("Who earns the most"),
    gettext_noop("Who earns the least"),
    gettext_noop("Whale curve: profit added up, best customers first"),
    gettext_noop("Stages"),
    gettext_noop("Stage"),
    gettext_noop("Customer"),
    gettext_noop("Customers"),
    gettext_noop("Next 12 months"),
    gettext_noop("At stake"),
    gettext_noop("Why"),
    gettext_noop("Every line of the file counts."),
    gettext_noop("Lines that were refused"),
    gettext_noop("Lines"),
    gettext_noop("Amount"),
    gettext_noop("Why, and what to do"),
)

PERIOD = gettext_noop("{first} to {last}, as of {as_of}")
AS_OF_NEWEST = gettext_noop("the day of the newest line (another day: --as-of)")
COUNTED = gettext_noop(
    "{lines} lines, {amount} in all: {accepted} lines of {customers} customers count, "
    "{refused} are refused."
)
LATER = gettext_noop("{count} lines ({amount}) are younger than that day and do not count.")
ESTIMATED = gettext_noop("estimated margin {margin}")
WHALE = gettext_noop(
    "{peak} of {customers} customers earn {peak_share} of the profit; {losers} lose {loss_share} "
    "again. The best tenth brings {tenth}."
)
NO_LOSERS = gettext_noop(
    "No customer loses money at this level. The best tenth of the {customers} customers brings "
    "{tenth} of the profit."
)
NO_WHALE = gettext_noop("There is no profit to add up: the contribution of all is not positive.")
AT_RISK = gettext_noop(
    "{customers} customers are at risk. Were they sure to stay, they would bring {value} more over "
    "the next 12 months."
)
NOBODY_AT_RISK = gettext_noop("Nobody is at risk.")
FIRST_REFUSED = gettext_noop("First in row {row}: {value}.")
EMPTY = gettext_noop("empty")
MARGIN_NOTE = gettext_noop(
    "The file does not say what the goods cost, so {margin} of net sales is taken as margin. "
    "Another margin: --margin 0.40. Real costs: a column with the unit cost."
)
SOME_MARGIN_NOTE = gettext_noop(
    "Where the file does not say what the goods cost, {margin} of net sales is taken as margin "
    "(another margin: --margin 0.40)."
)
CURRENCY_NOTE = gettext_noop(
    "The file does not name its currency; with --currency EUR the amounts carry it."
)
EXPECTATION_NOTE = gettext_noop(
    "Next 12 months: expected contribution, in brackets the range that covers four out of five "
    "cases. Growth and season are not in it."
)
NO_EXPECTATION_NOTE = gettext_noop(
    "Nothing can be expected from this history: nobody has bought, or all bought on its last day."
)


def period(found: Report, say: Words) -> str:
    said = say.say(
        PERIOD,
        first=say.day(found.first_day),
        last=say.day(found.last_day),
        as_of=say.day(found.as_of),
    )
    return said if found.as_of_chosen else f"{said} – {say.say(AS_OF_NEWEST)}"


def counted(found: Report, say: Words) -> str:
    said = say.say(
        COUNTED,
        lines=say.count(found.lines),
        amount=say.money(found.amount, found.currency),
        accepted=say.count(found.accepted - found.later.count),
        customers=say.count(found.customers.height),
        refused=say.count(found.lines - found.accepted),
    )
    if not found.later.count:
        return said
    later = say.say(
        LATER,
        count=say.count(found.later.count),
        amount=say.money(found.later.amount, found.currency),
    )
    return f"{said} {later}"


def estimated(found: Report, say: Words) -> str:
    return (
        say.say(ESTIMATED, margin=say.share(found.margin, _digits(found)))
        if found.estimated
        else ""
    )


def whale(curve: Whale, say: Words) -> str:
    template = WHALE if curve.loss_makers else NO_LOSERS
    return say.say(
        template,
        peak=say.count(curve.peak_rank),
        customers=say.count(curve.customers),
        peak_share=say.share(curve.peak_share, 1),
        losers=say.count(curve.loss_makers),
        loss_share=say.share(curve.loss_share, 1),
        tenth=say.share(curve.top_tenth_share),
    )


def no_whale(say: Words) -> str:
    return say.say(NO_WHALE)


def at_risk(found: Report, say: Words) -> str:
    endangered = found.at_risk()
    if endangered.height == 0:
        return say.say(NOBODY_AT_RISK)
    value = Decimal(endangered["value_at_risk"].sum())
    return say.say(
        AT_RISK,
        customers=say.count(endangered.height),
        value=say.money(value, found.currency, decimals=0),
    )


def expectation(row: dict[str, Any], found: Report, say: Words) -> str:
    """``4.200 € (1.900–7.300)``: no false precision, so whole units."""
    if row["expected_contribution"] is None:
        return "–"
    mean = say.money(Decimal(row["expected_contribution"]), found.currency, decimals=0)
    low, high = (say.money(Decimal(row[end]), decimals=0) for end in ("low", "high"))
    return f"{mean} ({low}–{high})" if "−" not in low + high else f"{mean} ({low} … {high})"


def by_stage(found: Report) -> list[dict[str, Any]]:
    """Customers and money of every stage that anybody is in, in the order of a customer's life."""
    import polars as pl

    sums = found.customers.group_by("stage").agg(
        pl.len().alias("customers"),
        pl.col("net_sales").cast(pl.Decimal(38, 4)).sum(),
        pl.col("contribution").cast(pl.Decimal(38, 4)).sum(),
    )
    order = list(found.stages)
    return sorted(sums.to_dicts(), key=lambda row: order.index(row["stage"]))


def customer(row: dict[str, Any]) -> str:
    number = str(row["customer_id"])
    return number if not row["name"] or row["name"] == number else f"{row['name']} ({number})"


def first_refused(found: Report, code: str, say: Words) -> str:
    refused = found.checked.refused
    row = refused.filter(refused["reason"] == code).row(0, named=True)
    shown = " ".join(str(row["value"]).split()) if row["value"] is not None else ""
    shown = f"{shown[:40]}…" if len(shown) > 40 else shown
    value = f"„{shown}“" if say.language == "de" else f"“{shown}”"
    return say.say(FIRST_REFUSED, row=row["row"], value=value if shown else say.say(EMPTY))


def notes(found: Report, say: Words) -> list[str]:
    """What a reader must know to take the figures for what they are."""
    said = []
    if found.estimated:
        costs = {"cost", "unit_cost"} & set(found.mapping.columns)
        template = SOME_MARGIN_NOTE if costs else MARGIN_NOTE
        said.append(say.say(template, margin=say.share(found.margin, _digits(found))))
    if found.refusal:
        said.append(say.say(NO_EXPECTATION_NOTE))
    else:
        said.append(say.say(EXPECTATION_NOTE))
    said.extend(say.say(note) for note in found.checked.notes)
    if not found.currency:
        said.append(say.say(CURRENCY_NOTE))
    return said


def _digits(found: Report) -> int:
    return 0 if (100 * found.margin) % 1 == 0 else 2
