"""The report for the terminal: figures, whale curve, stages, who earns, who costs, who wobbles."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from kundenstamm.cli.report import reasons, sentences
from kundenstamm.cli.report.curve import drawn
from kundenstamm.importers.refusals import REFUSALS

if TYPE_CHECKING:
    from kundenstamm.cli.report.figures import Report
    from kundenstamm.kit.words import Words

# Narrower terminals get the same tables; Rich wraps the sentences.
CURVE = (60, 8)


def show(found: Report, say: Words, top: int, console: Console | None = None) -> None:
    """Print the report."""
    screen = console or Console(highlight=False)
    _heading(screen, found, say)
    screen.print(_bridge(found, say))
    _whale(screen, found, say)
    screen.print(_stages(found, say))
    best, worst = say.say("Who earns the most"), say.say("Who earns the least")
    screen.print(_customers(best, found.best(top), found, say))
    if lowest := found.worst(top):
        screen.print(_customers(worst, lowest, found, say))
    _at_risk(screen, found, say, top)
    _refused(screen, found, say)
    for note in sentences.notes(found, say):
        screen.print(Text(note, style="dim"))


def _heading(screen: Console, found: Report, say: Words) -> None:
    screen.print()
    screen.print(Text(found.file, style="bold"), Text(sentences.period(found, say), style="dim"))
    screen.print(Text(sentences.counted(found, say), style="dim"))


def _bridge(found: Report, say: Words) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for name, label in sentences.LEVELS.items():
        strong = "bold" if name in ("net_revenue", "contribution_1") else ""
        amount = say.money(found.levels[name], found.currency)
        hint = f"  {sentences.estimated(found, say)}" if name == "contribution_1" else ""
        table.add_row(
            Text(say.say(label), style=strong) + Text(hint, style="dim"), Text(amount, style=strong)
        )
    return table


def _whale(screen: Console, found: Report, say: Words) -> None:
    screen.print(Text(say.say("Whale curve: profit added up, best customers first"), style="bold"))
    if found.whale is None:
        screen.print(Text(sentences.no_whale(say)))
        return
    for line in drawn(found.whale, *CURVE, percent=say.share):
        screen.print(Text(line, style="cyan"))
    screen.print(Text(sentences.whale(found.whale, say)))


def _stages(found: Report, say: Words) -> Table:
    table = Table(title=say.say("Stages"), **_QUIET)
    for label in ("Stage", "Customers", "Net revenue", "Contribution I"):
        table.add_column(say.say(label), justify="left" if label == "Stage" else "right")
    for each in sentences.by_stage(found):
        table.add_row(
            reasons.stage(each["stage"], say),
            say.count(each["customers"]),
            say.money(each["net_sales"], found.currency),
            _colored(each["contribution"], found, say),
        )
    return table


def _customers(title: str, rows: list[dict[str, Any]], found: Report, say: Words) -> Table:
    table = Table(title=title, **_QUIET)
    table.add_column(say.say("Customer"))
    for label in ("Net revenue", "Contribution I", "Next 12 months"):
        table.add_column(say.say(label), justify="right")
    table.add_column(say.say("Stage"))
    for row in rows:
        table.add_row(
            _name(row),
            say.money(row["net_sales"], found.currency),
            _colored(row["contribution"], found, say),
            sentences.expectation(row, found, say),
            reasons.stage(row["stage"], say),
        )
    return table


def _at_risk(screen: Console, found: Report, say: Words, top: int) -> None:
    at_risk = found.at_risk()
    screen.print()
    screen.print(Text(sentences.at_risk(found, say), style="bold"))
    if at_risk.height == 0:
        return
    table = Table(**_QUIET)
    table.add_column(say.say("Customer"))
    table.add_column(say.say("At stake"), justify="right")
    table.add_column(say.say("Why"))
    for row in at_risk.head(top).to_dicts():
        stake = say.money(Decimal(row["value_at_risk"]), found.currency, decimals=0)
        table.add_row(_name(row), stake, escape(reasons.why(row["reason"], say)))
    screen.print(table)


def _refused(screen: Console, found: Report, say: Words) -> None:
    if not found.refused:
        screen.print(Text(say.say("Every line of the file counts.")))
        return
    table = Table(title=say.say("Lines that were refused"), **_QUIET)
    table.add_column(say.say("Lines"), justify="right")
    table.add_column(say.say("Amount"), justify="right")
    table.add_column(say.say("Why, and what to do"))
    for code, each in found.refused.items():
        words = f"{say.say(REFUSALS[code].why)} {say.say(REFUSALS[code].mend)}"
        said = f"{words} {sentences.first_refused(found, code, say)}"
        table.add_row(say.count(each.count), say.money(each.amount, found.currency), escape(said))
    screen.print(table)


def _name(row: dict[str, Any]) -> str:
    return escape(sentences.customer(row))


def _colored(amount: Decimal, found: Report, say: Words) -> Text:
    return Text(say.money(amount, found.currency), style="red" if amount < 0 else "")


_QUIET: dict[str, Any] = {
    "box": box.SIMPLE_HEAD,
    "title_justify": "left",
    "title_style": "bold",
    "pad_edge": False,
    "header_style": "dim",
}
