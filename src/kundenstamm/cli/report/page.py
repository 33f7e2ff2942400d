"""The report as one HTML file that needs nothing else: open it, print it, send it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from kundenstamm.cli.report import compute
from kundenstamm.cli.report.texts import Texts

if TYPE_CHECKING:
    import polars as pl

STYLE = """
:root{color-scheme:light dark;--paper:light-dark(#fbfaf8,#16181d);--card:light-dark(#fff,#1e2127);
--ink:light-dark(#22262e,#ebe9e4);--quiet:light-dark(#5b616d,#a6abb5);
--line:light-dark(#e6e3dd,#363b44);--gain:light-dark(#006f73,#4fc4c4);
--loss:light-dark(#b4431a,#f0946b)}
*{box-sizing:border-box;margin:0}
body{background:var(--paper);color:var(--ink);font:14px/1.5 system-ui,sans-serif;
padding:clamp(16px,4vw,40px);max-width:1080px;margin:auto}
h1{font-size:24px;line-height:1.2;letter-spacing:-.015em}h2{font-size:14px;margin-bottom:10px}
.quiet{color:var(--quiet);font-size:12.5px}.loss{color:var(--loss)}
section{background:var(--card);border:1px solid var(--line);border-radius:8px;
padding:16px 20px;margin-top:20px;overflow-x:auto;break-inside:avoid}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:14px}
dt{color:var(--quiet);font-size:12.5px}
dd{font-size:20px;font-weight:620;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;width:100%}
th{font-weight:500;font-size:12.5px;color:var(--quiet);text-align:left;padding:4px 8px}
td{padding:6px 8px;border-top:1px solid var(--line);vertical-align:top}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
svg{width:100%;height:auto;display:block}
.bar{height:10px;border-radius:3px;background:var(--gain);display:block;min-width:1px}
@media print{body{padding:0}section{border-color:#ccc}}
"""


def html(texts: Texts) -> str:
    """The whole document; every text that comes from the file is escaped."""
    _, report = texts._, texts.report
    parts = [
        f"<h1>{escape(texts.title())}</h1>",
        f'<p class="quiet">{escape(texts.period())}</p>',
        _section("", _figures(texts)),
        _section(_("Profit over all customers, best first"), _curve(texts)),
        _section(_("Stages"), _stages(texts)),
        _section(_("At risk"), _risks(texts)),
        _section(_("The best customers"), _customers(compute.best(report), texts)),
        _section(_("The least profitable customers"), _customers(compute.worst(report), texts)),
        _section(_("Refused rows"), _refused(texts)),
    ]
    return (
        f'<!doctype html><html lang="{texts.language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(texts.title())}</title><style>{STYLE}</style>"
        f"<main>{''.join(parts)}</main></html>\n"
    )


def _section(title: str, body: str) -> str:
    if not body:
        return ""
    heading = f"<h2>{escape(title)}</h2>" if title else ""
    return f"<section>{heading}{body}</section>"


def _figures(texts: Texts) -> str:
    _, money = texts._, texts.report.money()
    shown = (
        (_("Gross sales"), money["gross_sales"]),
        (_("Returns and credit notes"), money["returns"]),
        (_("Price reductions"), money["reductions"]),
        (_("Net revenue"), money["net_revenue"]),
        (_("Contribution I"), texts.report.levels["contribution_1"]),
    )
    items = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{texts.exact(amount)}</dd></div>"
        for label, amount in shown
    )
    return f'<dl>{items}</dl><p class="quiet">{escape(texts.margin())}</p>'


def _curve(texts: Texts) -> str:
    curve = texts.report.whale
    told = "".join(f"<p>{escape(line)}</p>" for line in texts.whale())
    if curve is None:
        return told
    top = max(curve.peak_share, 1.0) * 1.05
    points = " ".join(
        f"{600 * rank / curve.customers:.1f},{200 - 190 * share / top:.1f}"
        for rank, share in zip(curve.ranks, curve.shares, strict=True)
    )
    whole = 200 - 190 / top
    return (
        f'<svg viewBox="0 0 600 205" role="img" aria-label="{escape(" ".join(texts.whale()))}">'
        f'<path d="M0 {whole:.1f}H600M0 200H600" stroke="var(--line)"/>'
        f'<text x="2" y="{whole - 4:.1f}" font-size="11" fill="var(--quiet)">'
        f"{texts.percent(1.0)}</text>"
        f'<polyline points="{points}" fill="none" stroke="var(--gain)" stroke-width="2.5"/></svg>'
        f"{told}"
    )


def _stages(texts: Texts) -> str:
    stages = texts.report.stages
    most = max(stages.values(), default=1) or 1
    rows = "".join(
        f'<tr><td>{escape(texts.stage(name))}</td><td class="n">{texts.count(count)}</td>'
        f'<td width="60%"><span class="bar" style="width:{100 * count / most:.1f}%"></span></td></tr>'
        for name, count in stages.items()
    )
    return f"<table>{rows}</table>"


def _customers(rows: pl.DataFrame, texts: Texts) -> str:
    _ = texts._
    head = _row(
        "th",
        (_("Customer"), ""),
        (_("Net revenue"), "n"),
        (_("Contribution I"), "n"),
        (_("Next 12 months"), "n"),
        (_("Stage"), ""),
    )
    body = "".join(
        _row(
            "td",
            (_known_as(row), ""),
            (texts.money(row["net_sales"]), "n"),
            (texts.money(row["contribution"]), "n loss" if row["contribution"] < 0 else "n"),
            (_expectation(row, texts), "n"),
            (texts.stage(row["stage"]), ""),
        )
        for row in rows.to_dicts()
    )
    return f"<table>{head}{body}</table>"


def _risks(texts: Texts) -> str:
    rows = compute.at_risk(texts.report).to_dicts()
    if not rows:
        return ""
    _ = texts._
    head = _row("th", (_("Customer"), ""), (_("At stake"), "n"), (_("Why"), ""))
    body = "".join(
        _row(
            "td",
            (_known_as(row), ""),
            (texts.money(row["value_at_risk"]), "n"),
            (texts.reason(row["reason"]), ""),
        )
        for row in rows
    )
    return f"<table>{head}{body}</table>"


def _refused(texts: Texts) -> str:
    reasons = texts.report.checked.reasons()
    if not reasons:
        return ""
    _, money = texts._, texts.report.money()
    head = _row("th", (_("Rows"), "n"), (_("Amount"), "n"), (_("Why, and the mend"), ""))
    body = "".join(
        _row(
            "td",
            (texts.count(count), "n"),
            (texts.exact(money[f"refused {code}"]), "n"),
            (" ".join(texts.refusal(code)), ""),
        )
        for code, (count, _amount) in reasons.items()
    )
    return f"<table>{head}{body}</table>"


def _row(tag: str, *cells: tuple[str, str]) -> str:
    inner = "".join(
        f'<{tag} class="{kind}">{escape(text)}</{tag}>'
        if kind
        else f"<{tag}>{escape(text)}</{tag}>"
        for text, kind in cells
    )
    return f"<tr>{inner}</tr>"


def _expectation(row: dict[str, object], texts: Texts) -> str:
    if row["expected_contribution"] is None:
        return "–"
    low, high = texts.money(row["low"]), texts.money(row["high"])
    return f"{texts.money(row['expected_contribution'])} ({low} – {high})"


def _known_as(row: dict[str, object]) -> str:
    return f"{row['customer_id']} {row['name'] or ''}".strip()
