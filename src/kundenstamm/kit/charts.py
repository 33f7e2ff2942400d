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
GAIN, LOSS, WARN, ACCENT, INK, QUIET, LINE, CARD = (
    f"var(--{name})" for name in ("gain", "loss", "warn", "accent", "ink", "ink-2", "line", "card")
)

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


def whale(points: Rows, notes: Rows, labels: Mapping[str, str]) -> dict[str, Any]:
    """Cumulative share of profit by rank; the falling arm is what the loss-makers cost.

    Points: ``rank``, ``share``, ``falling``, ``href``. Notes stand beside a point of the curve:
    ``rank``, ``share``, ``words``, ``falling``, ``href``.
    """
    import altair as alt

    base = _on(points).encode(
        x=alt.X("rank:Q", title=labels["x"], scale=alt.Scale(nice=False),
                axis=alt.Axis(grid=False, tickCount=6, titlePadding=8)),
        y=alt.Y("share:Q", title=None, axis=alt.Axis(format="%", tickCount=6, domain=False)),
    )  # fmt: skip
    peak = max((point["share"] for point in points), default=1)
    layers = [
        _rule(1.0).mark_rule(color=QUIET, strokeDash=[3, 3]).encode(y="y:Q"),
        base.transform_filter("!datum.falling").mark_area(color=GAIN, opacity=0.1),
        base.transform_filter("datum.falling").mark_area(color=LOSS, opacity=0.16)
        .encode(y2=alt.datum(peak)),
        base.transform_filter("!datum.falling").mark_line(color=GAIN, strokeWidth=2.5),
        base.transform_filter("datum.falling").mark_line(color=LOSS, strokeWidth=2.5),
        _whale_touch(base, labels),
        *_whale_notes(notes),
    ]  # fmt: skip
    return _spec(alt.layer(*layers).properties(height=250))


def _whale_notes(notes: Rows) -> list[Any]:
    import altair as alt

    told = _on(notes).encode(
        x="rank:Q", y="share:Q", href="href:N",
        color=alt.condition("datum.falling", alt.value(LOSS), alt.value(GAIN)),
    )  # fmt: skip
    words: Any = {"fontWeight": 600, "fontSize": 12, "cursor": "pointer"}
    return [
        told.mark_point(filled=True, size=70, opacity=1, cursor="pointer"),
        told.transform_filter("!datum.falling")
        .mark_text(align="left", baseline="top", dx=12, dy=6, **words)
        .encode(text="words:N"),
        told.transform_filter("datum.falling")
        .mark_text(align="right", baseline="top", dx=-2, dy=14, **words)
        .encode(text="words:N"),
    ]


def _whale_touch(base: Any, labels: Mapping[str, str]) -> Any:
    """Invisible points, larger than the line; the style sheet shows the one under the pointer.

    A selection would do the same, but takes the pointer away from all other layers.
    """
    import altair as alt

    return base.mark_point(filled=True, size=500, color=INK, opacity=0, cursor="pointer").encode(
        href="href:N",
        tooltip=[
            alt.Tooltip("rank:Q", title=labels["x"], format=","),
            alt.Tooltip("share:Q", title=labels["share"], format=".1%"),
        ],
    )


def bars(rows: Rows, labels: Mapping[str, str]) -> dict[str, Any]:
    """Horizontal bars in the rows' order: ``name``, ``count``, ``shown``, ``href``, ``tone``;
    ``words`` stand in the tooltip."""
    import altair as alt

    names = [row["name"] for row in rows]
    longest = max((row["count"] for row in rows), default=0) or 1
    # Beside the longest bar there must be room for its words.
    room = alt.Scale(domain=[0, longest], range=[0, alt.expr("max(width - 130, 40)")], nice=False)
    base = _on(rows).encode(
        y=alt.Y("name:N", sort=names, title=None,
                axis=alt.Axis(ticks=False, domain=False, labelPadding=8, labelFontSize=12,
                              labelColor=INK, labelLimit=140)),
        x=alt.X("count:Q", title=None, axis=None, scale=room),
        href="href:N",
        tooltip=[
            alt.Tooltip("name:N", title=labels["name"]),
            alt.Tooltip("count:Q", title=labels["count"], format=","),
            alt.Tooltip("words:N", title=labels["value"]),
        ],
    )  # fmt: skip
    drawn = base.mark_bar(cornerRadiusEnd=3, height=16, cursor="pointer").encode(
        color=alt.Color("tone:N", scale=None)
    )
    text = base.mark_text(align="left", dx=7, color=QUIET, fontSize=12, cursor="pointer").encode(
        text="shown:N"
    )
    return _spec((drawn + text).properties(height=30 * len(rows)))


def bridge(steps: Rows, labels: Mapping[str, str]) -> dict[str, Any]:
    """From sales to profit. Steps: ``name`` (short, for the axis), ``words``, ``start``, ``end``,
    ``top``, ``shown``, ``tone``, ``href``."""
    import altair as alt

    names = [step["name"] for step in steps]
    base = _on(steps).encode(
        x=alt.X(
            "name:N", sort=names, title=None,
            scale=alt.Scale(paddingInner=0.22, paddingOuter=0.1),
            axis=alt.Axis(labelAngle=alt.expr(f"{NARROW} ? -60 : 0"), labelLimit=120, ticks=False,
                          domain=False, labelFontSize=12,
                          labelAlign=alt.expr(f"{NARROW} ? 'right' : 'center'"), labelPadding=8,
                          labelBaseline=alt.expr(f"{NARROW} ? 'middle' : 'top'")),
        ),
    )  # fmt: skip
    told = [
        alt.Tooltip("words:N", title=labels["name"]),
        alt.Tooltip("shown:N", title=labels["amount"]),
    ]
    drawn = base.mark_bar(cornerRadius=2, cursor="pointer").encode(
        y=alt.Y("start:Q", title=None, axis=None), y2="end:Q",
        color=alt.Color("tone:N", scale=None), href="href:N", tooltip=told,
    )  # fmt: skip
    text = base.mark_text(dy=-9, color=INK, fontSize=alt.expr(f"{NARROW} ? 0 : 12")).encode(
        y="top:Q", text="shown:N"
    )
    zero = _rule(0.0).mark_rule(color=LINE).encode(y=alt.Y("y:Q", title=None, axis=None))
    return _spec((zero + drawn + text).properties(height=230))


def rhythm(
    purchases: Rows, active: Rows, expected: Mapping[str, str] | None, labels: Mapping[str, str]
) -> dict[str, Any]:
    """P(active) as a line above, purchases as dots below, both over time.

    Purchases: ``day``, ``size``, ``shown``, ``href``; active: ``day``, ``share``; ``expected``:
    the ``day`` the next purchase is due and the ``words`` beside it.
    """
    import altair as alt

    floor, strip = 120, 150
    time = alt.X("day:T", title=None,
                 axis=alt.Axis(grid=False, tickCount=6, labelFlush=True))  # fmt: skip
    share = alt.Y(
        "share:Q", title=None, scale=alt.Scale(domain=[0, 1], range=[floor, 6], zero=True),
        axis=alt.Axis(format="%", values=[0, 0.5, 1], domain=False),
    )  # fmt: skip
    chance = _on(active).encode(
        x=time, y=share,
        tooltip=[alt.Tooltip("day:T", title=labels["day"], format="%x"),
                 alt.Tooltip("share:Q", title=labels["active"], format=".0%")],
    )  # fmt: skip
    dots = (
        _on(purchases)
        .mark_point(filled=True, color=INK, opacity=0.55, stroke=CARD, strokeWidth=1,
                    cursor="pointer")
        .encode(
            x=time,
            y=alt.value(strip),
            size=alt.Size("size:Q", legend=None, scale=alt.Scale(range=[20, 260])),
            href="href:N",
            tooltip=[alt.Tooltip("day:T", title=labels["day"], format="%x"),
                     alt.Tooltip("shown:N", title=labels["amount"])],
        )
    )  # fmt: skip
    layers = [
        chance.mark_area(color=GAIN, opacity=0.1, interpolate="monotone"),
        chance.mark_line(color=GAIN, strokeWidth=2, interpolate="monotone"),
        dots,
        *_due(expected, time, strip),
    ]
    return _spec(alt.layer(*layers).properties(height=strip + 18))


def _due(expected: Mapping[str, str] | None, time: Any, height: int) -> list[Any]:
    """A dashed square where the next purchase is expected."""
    import altair as alt

    if expected is None:
        return []
    due = _on([expected]).encode(x=time, y=alt.value(height))
    told = [alt.Tooltip("words:N", title=" ")]
    return [
        due.mark_point(shape="square", size=230, filled=False, color=WARN, strokeDash=[3, 2],
                       strokeWidth=2, opacity=1).encode(tooltip=told)
    ]  # fmt: skip


def _rule(value: float) -> Any:
    return _on([{"y": value}])


def _on(rows: Rows) -> Any:
    import altair as alt

    plain = [dict(row) for row in rows]
    return alt.Chart(alt.Data(values=plain))  # type: ignore[no-untyped-call]


def _spec(chart: Any) -> dict[str, Any]:
    """The specification, as wide as its place in the page."""
    sized = chart.properties(width="container", background="transparent")
    found: dict[str, Any] = sized.to_dict(validate=True)
    found["autosize"] = {"type": "fit-x", "contains": "padding"}
    return found
