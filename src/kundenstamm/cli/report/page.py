"""The report as one HTML file that needs nothing else: open it, print it, send it."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any

from kundenstamm.cli.report import charts, reasons, sentences
from kundenstamm.importers.refusals import REFUSALS
from kundenstamm.kit.words import gettext_noop

if TYPE_CHECKING:
    from kundenstamm.cli.report.figures import Report
    from kundenstamm.kit.words import Words

TITLE = gettext_noop("Who earns, who costs: {file}")
RISK_SHARE = gettext_noop("{count} customers at risk")
BRIDGE = gettext_noop("From gross sales to contribution I")
WHALE = gettext_noop("Whale curve")
COLUMNS = gettext_noop("How the columns were read")
MADE = gettext_noop("Made by Kundenstamm from one file; nothing was stored or sent.")


def page(found: Report, say: Words, top: int) -> str:
    """The whole document. Every text that comes from the file is escaped."""
    title = say.say(TITLE, file=found.file)
    style = (resources.files(__package__) / "page.css").read_text(encoding="utf-8")
    body = "".join(
        (
            _header(title, found, say),
            _figures(found, say),
            '<div class="two">',
            _card(say.say(WHALE), charts.whale(found.whale, say) + _whale_words(found, say)),
            _card(say.say("Stages"), _stages(found, say)),
            "</div>",
            _card(say.say(BRIDGE), _bridge(found, say)),
            _card(say.say("At risk"), _at_risk(found, say, top)),
            _card(say.say("Who earns the most"), _customers(found.best(top), found, say)),
            _card(say.say("Who earns the least"), _customers(found.worst(top), found, say)),
            _card(say.say("Lines that were refused"), _refused(found, say)),
            _footer(found, say),
        )
    )
    return (
        f'<!doctype html>\n<html lang="{say.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body><main>{body}</main></body></html>\n"
    )


def _header(title: str, found: Report, say: Words) -> str:
    return (
        f"<header><h1>{escape(title)}</h1>"
        f'<p class="quiet">{escape(sentences.period(found, say))}<br>'
        f"{escape(sentences.counted(found, say))}</p></header>"
    )


def _figures(found: Report, say: Words) -> str:
    at_risk = found.at_risk()
    stake = Decimal(at_risk["value_at_risk"].sum() or 0)
    figures = (
        ("Net revenue", say.money(found.levels["net_revenue"], found.currency), ""),
        (
            "Contribution I",
            say.money(found.levels["contribution_1"], found.currency),
            sentences.estimated(found, say),
        ),
        ("Customers", say.count(found.customers.height), ""),
        (
            "At stake",
            say.money(stake, found.currency, decimals=0),
            say.say(RISK_SHARE, count=say.count(at_risk.height)),
        ),
    )
    shown = "".join(
        f'<div><span class="quiet small">{escape(say.say(label))}</span>'
        f'<strong>{escape(number)}</strong><span class="quiet small">{escape(hint)}</span></div>'
        for label, number, hint in figures
    )
    return f'<section class="figures">{shown}</section>'


def _whale_words(found: Report, say: Words) -> str:
    said = sentences.whale(found.whale, say) if found.whale else sentences.no_whale(say)
    return f'<p class="quiet">{escape(said)}</p>'


def _stages(found: Report, say: Words) -> str:
    rows = sentences.by_stage(found)
    most = max(row["customers"] for row in rows)
    body = "".join(
        _row(
            escape(reasons.stage(row["stage"], say)),
            _number(say.count(row["customers"])),
            f'<i class="bar {row["stage"]}" '
            f'style="width:{100 * row["customers"] / most:.1f}%"></i>',
            _amount(row["contribution"], found, say),
        )
        for row in rows
    )
    return _table(say, ("Stage", "Customers", "", "Contribution I"), body)


def _bridge(found: Report, say: Words) -> str:
    body = "".join(
        f'<tr class="{"sum" if name in ("net_revenue", "contribution_1") else ""}">'
        f"<td>{escape(say.say(label))}</td>"
        f"<td>{charts.bridge_bar(found.levels, name)}</td>"
        f'<td class="num">{_colored(found.levels[name], found, say)}</td></tr>'
        for name, label in sentences.LEVELS.items()
    )
    return f'<table class="bridge"><tbody>{body}</tbody></table>'


def _at_risk(found: Report, say: Words, top: int) -> str:
    said = f"<p>{escape(sentences.at_risk(found, say))}</p>"
    rows = found.at_risk().head(top).to_dicts()
    if not rows:
        return said
    body = "".join(
        _row(
            _name(row),
            _number(say.money(Decimal(row["value_at_risk"]), found.currency, decimals=0)),
            escape(reasons.why(row["reason"], say)),
        )
        for row in rows
    )
    return said + _table(say, ("Customer", "At stake", "Why"), body)


def _customers(rows: list[dict[str, Any]], found: Report, say: Words) -> str:
    if not rows:
        return ""
    body = "".join(
        _row(
            _name(row),
            _number(say.money(row["net_sales"], found.currency)),
            _amount(row["contribution"], found, say),
            _number(sentences.expectation(row, found, say)),
            f'<span class="chip {row["stage"]}" title="{escape(reasons.why(row["reason"], say))}">'
            f"{escape(reasons.stage(row['stage'], say))}</span>",
        )
        for row in rows
    )
    heads = ("Customer", "Net revenue", "Contribution I", "Next 12 months", "Stage")
    return _table(say, heads, body)


def _refused(found: Report, say: Words) -> str:
    if not found.refused:
        return f"<p>{escape(say.say('Every line of the file counts.'))}</p>"
    body = "".join(
        _row(
            _number(say.count(each.count)),
            _amount(each.amount, found, say),
            f"{escape(say.say(REFUSALS[code].why))} "
            f'<span class="quiet">{escape(say.say(REFUSALS[code].mend))} '
            f"{escape(sentences.first_refused(found, code, say))}</span>",
        )
        for code, each in found.refused.items()
    )
    return _table(say, ("Lines", "Amount", "Why, and what to do"), body)


def _footer(found: Report, say: Words) -> str:
    notes = "".join(f"<p>{escape(note)}</p>" for note in sentences.notes(found, say))
    read = ", ".join(f"{name} = {column}" for name, column in found.mapping.columns.items())
    return (
        f'<footer class="quiet small">{notes}<p>{escape(say.say(COLUMNS))}: {escape(read)}</p>'
        f"<p>{escape(say.say(MADE))}</p></footer>"
    )


def _card(title: str, body: str) -> str:
    return f'<section class="card"><h2>{escape(title)}</h2>{body}</section>' if body else ""


# In these columns the numbers stand, so their heads stand right as well.
_NUMBERS = {
    "Customers", "Net revenue", "Contribution I", "Next 12 months", "At stake", "Lines", "Amount",
}  # fmt: skip


def _table(say: Words, heads: tuple[str, ...], body: str) -> str:
    cells = "".join(
        f'<th scope="col"{" class=num" if head in _NUMBERS else ""}>{escape(say.say(head))}</th>'
        for head in heads
    )
    return (
        f"<div class=wide><table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _number(text: str) -> str:
    return f'<span class="num">{escape(text)}</span>'


def _amount(amount: Decimal, found: Report, say: Words) -> str:
    return f'<span class="num">{_colored(amount, found, say)}</span>'


def _colored(amount: Decimal, found: Report, say: Words) -> str:
    text = escape(say.money(amount, found.currency))
    return f'<span class="loss">{text}</span>' if amount < 0 else text


def _name(row: dict[str, Any]) -> str:
    return escape(sentences.customer(row))
