"""Charts as Vega-Lite specifications, written with Altair.

Colours are names of the style sheet's custom properties (``var(--gain)``); the page puts in what
they are in the reader's colour scheme. Marks carry ``href``: each leads to the list behind it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

Rows = Sequence[Mapping[str, Any]]
GAIN, LOSS, WARN, INK, QUIET = (f"var(--{n})" for n in ("gain", "loss", "warn", "ink", "ink-2"))

# Where a chart of many bars has no room for words side by side.
NARROW = "width < 430"

BUNDLE = "vega.js"
_SNIPPET = "window.vegaEmbed = vegaEmbed;"


def write_bundle(folder: Path) -> Path:
    """Write the browser's side of the charts out of the installed wheel, once per version."""
    import vl_convert

    target = folder / BUNDLE
    made_of = hashlib.sha256(f"{version('vl-convert-python')}{_SNIPPET}".encode()).hexdigest()
    mark = folder / "vega.made-of"
    if not target.exists() or not mark.exists() or mark.read_text() != made_of:
        folder.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".new")
        draft.write_text(vl_convert.javascript_bundle(_SNIPPET), encoding="utf-8")
        draft.replace(target)
        mark.write_text(made_of)
    return target


def whale(points: Rows, labels: Mapping[str, str]) -> dict[str, Any]:
    """Cumulative share of profit by rank. Points: ``rank``, ``share``, ``falling``, ``href``."""
    import altair as alt

    base = _of(points).encode(
        x=alt.X("rank:Q", title=labels["x"], axis=alt.Axis(grid=False, tickCount=5)),
        y=alt.Y("share:Q", title=None, axis=alt.Axis(format="%", tickCount=5)),
    )
    rising = base.transform_filter("!datum.falling").mark_line(color=GAIN, strokeWidth=2.5)
    falling = base.transform_filter("datum.falling").mark_line(color=LOSS, strokeWidth=2.5)
    touch = base.mark_point(filled=True, size=140, opacity=0, color=INK, cursor="pointer").encode(
        href="href:N",
        tooltip=[
            alt.Tooltip("rank:Q", title=labels["x"]),
            alt.Tooltip("share:Q", title=labels["share"], format=".1%"),
        ],
    )
    whole = _of([{"y": 1}]).mark_rule(color=QUIET, strokeDash=[3, 3])
    layers = alt.layer(whole.encode(y="y:Q"), rising, falling, touch)
    return _spec(layers.properties(height=220))


def bars(rows: Rows, labels: Mapping[str, str]) -> dict[str, Any]:
    """Horizontal bars in the rows' order: ``name``, ``count``, ``shown``, ``href``, ``tone``."""
    import altair as alt

    names = [row["name"] for row in rows]
    base = _of(rows).encode(
        y=alt.Y("name:N", sort=names, title=None, axis=alt.Axis(ticks=False, domain=False)),
        x=alt.X("count:Q", title=None, axis=None, scale=alt.Scale(nice=False, zero=True)),
    )
    drawn = base.mark_bar(cornerRadiusEnd=3, height=16, cursor="pointer").encode(
        color=alt.Color("tone:N", scale=None),
        href="href:N",
        tooltip=[
            alt.Tooltip("name:N", title=labels["name"]),
            alt.Tooltip("shown:N", title=labels["count"]),
        ],
    )
    text = base.mark_text(align="left", dx=6, color=QUIET).encode(text="shown:N")
    return _spec((drawn + text).properties(height=26 * len(rows)))


def bridge(steps: Rows, labels: Mapping[str, str]) -> dict[str, Any]:
    """From sales to profit. Steps: ``name``, ``start``, ``end``, ``shown``, ``tone``, ``href``."""
    import altair as alt

    names = [step["name"] for step in steps]
    base = _of(steps).encode(
        x=alt.X(
            "name:N",
            sort=names,
            title=None,
            axis=alt.Axis(labelAngle=alt.expr(f"{NARROW} ? -60 : 0"), labelLimit=120, ticks=False,
                          labelAlign=alt.expr(f"{NARROW} ? 'right' : 'center'"), labelPadding=8,
                          labelBaseline=alt.expr(f"{NARROW} ? 'middle' : 'top'"),
                          labelExpr=f"{NARROW} ? datum.label : split(datum.label, ' ')"),
        ),
    )  # fmt: skip
    drawn = base.mark_bar(cornerRadius=2, cursor="pointer").encode(
        y=alt.Y("start:Q", title=None, axis=None),
        y2="end:Q",
        color=alt.Color("tone:N", scale=None),
        href="href:N",
        tooltip=[
            alt.Tooltip("name:N", title=labels["name"]),
            alt.Tooltip("shown:N", title=labels["amount"]),
        ],
    )
    text = base.mark_text(dy=-8, color=INK, fontSize=alt.expr(f"{NARROW} ? 0 : 11")).encode(
        y="top:Q", text="shown:N"
    )
    zero = _of([{"y": 0}]).mark_rule(color="var(--line)")
    line = zero.encode(y=alt.Y("y:Q", title=None, axis=None))
    return _spec((line + drawn + text).properties(height=230))


def rhythm(
    purchases: Rows, active: Rows, expected: str | None, labels: Mapping[str, str]
) -> dict[str, Any]:
    """Purchases as dots, P(active) as a line. Purchases: ``day``, ``size``, ``shown``, ``href``;
    active: ``day``, ``share``; ``expected``: the day the next purchase is due."""
    import altair as alt

    time = alt.X("day:T", title=None, axis=alt.Axis(grid=False, tickCount=6))
    line = (
        _of(active)
        .mark_line(color=GAIN, strokeWidth=2, interpolate="monotone")
        .encode(
            x=time,
            y=alt.Y("share:Q", title=None, scale=alt.Scale(domain=[0, 1]),
                    axis=alt.Axis(format="%", tickCount=3)),
            tooltip=[alt.Tooltip("day:T", title=labels["day"]),
                     alt.Tooltip("share:Q", title=labels["active"], format=".0%")],
        )
    )  # fmt: skip
    dots = (
        _of(purchases)
        .mark_point(filled=True, color=INK, opacity=0.7, cursor="pointer")
        .encode(
            x=time,
            y=alt.value(150),
            size=alt.Size("size:Q", legend=None, scale=alt.Scale(range=[18, 240])),
            href="href:N",
            tooltip=[alt.Tooltip("day:T", title=labels["day"]),
                     alt.Tooltip("shown:N", title=labels["amount"])],
        )
    )  # fmt: skip
    layers = [line, dots]
    if expected:
        due = _of([{"day": expected}])
        layers.append(
            due.mark_point(shape="square", size=160, filled=False, color=WARN, strokeDash=[3, 3])
            .encode(x=time, y=alt.value(150), tooltip=[alt.Tooltip("day:T", title=labels["due"])])
        )  # fmt: skip
    return _spec(alt.layer(*layers).properties(height=150))


def _of(rows: Rows) -> Any:
    """A chart of rows that travel with it."""
    import altair as alt

    data: Any = alt.Data
    return alt.Chart(data(values=list(rows)))


def _spec(chart: Any) -> dict[str, Any]:
    """The specification, as wide as its place in the page."""
    sized = chart.properties(width="container", background="transparent")
    found: dict[str, Any] = sized.to_dict(validate=True)
    found["autosize"] = {"type": "fit-x", "contains": "padding"}
    return found
