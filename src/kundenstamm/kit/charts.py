"""Charts as Vega-Lite specifications, written with Altair.

Colours are names of the style sheet's custom properties (``var(--gain)``), so a
drawing follows the reader's colour scheme by itself. Marks carry ``href``: each leads to the list
behind it.

Altair takes some 50 ms to write and check a specification, so each is drawn once for its words and
names its rows; a page only puts its rows in. What depends on rows must therefore be in the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

Rows = Sequence[Mapping[str, Any]]
Labels = Mapping[str, str]
GAIN, LOSS, WARN, ACCENT, INK, QUIET, LINE, CARD = (
    f"var(--{name})" for name in ("gain", "loss", "warn", "accent", "ink", "ink-2", "line", "card")
)

# Where a chart of many bars has no room for words side by side.
NARROW = "width < 430"


def whale(points: Rows, notes: Rows, labels: Labels) -> dict[str, Any]:
    """Cumulative share of profit by rank; the falling arm is what the loss-makers cost.

    Points: ``rank``, ``share``, ``falling``, ``href``. Notes stand beside a point of the curve:
    ``rank``, ``share``, ``words``, ``falling``, ``href``.
    """
    peak = max((point["share"] for point in points), default=1)
    curve = [{**point, "peak": peak} for point in points]
    return filled(_whale, labels, points=curve, notes=notes)


def _whale(labels: Labels) -> Any:
    import altair as alt

    base = on("points").encode(
        x=alt.X("rank:Q", title=labels["x"], scale=alt.Scale(nice=False),
                axis=alt.Axis(grid=False, tickCount=6, titlePadding=8)),
        y=alt.Y("share:Q", title=None, axis=alt.Axis(format="%", tickCount=6, domain=False)),
    )  # fmt: skip
    layers = [
        _rule(1.0).mark_rule(color=QUIET, strokeDash=[3, 3]).encode(y="y:Q"),
        base.transform_filter("!datum.falling").mark_area(color=GAIN, opacity=0.1),
        base.transform_filter("datum.falling").mark_area(color=LOSS, opacity=0.16)
        .encode(y2="peak:Q"),
        base.transform_filter("!datum.falling").mark_line(color=GAIN, strokeWidth=2.5),
        base.transform_filter("datum.falling").mark_line(color=LOSS, strokeWidth=2.5),
        _whale_touch(base, labels),
        *_whale_notes(),
    ]  # fmt: skip
    return alt.layer(*layers).properties(height=250)


def _whale_notes() -> list[Any]:
    import altair as alt

    told = on("notes").encode(
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


def _whale_touch(base: Any, labels: Labels) -> Any:
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


def bars(rows: Rows, labels: Labels) -> dict[str, Any]:
    """Horizontal bars in the rows' order: ``name``, ``count``, ``shown``, ``href``, ``tone``;
    ``words`` stand in the tooltip."""
    return filled(_bars, labels, rows=rows) | {"height": 30 * len(rows)}


def _bars(labels: Labels) -> Any:
    import altair as alt

    # Beside the longest bar there must be room for its words.
    room = alt.Scale(domainMin=0, range=[0, alt.expr("max(width - 130, 40)")], nice=False)
    base = on("rows").encode(
        y=alt.Y("name:N", sort=None, title=None,
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
    return drawn + text


def bridge(steps: Rows, labels: Labels) -> dict[str, Any]:
    """From sales to profit. Steps: ``name`` (short, for the axis), ``words``, ``start``, ``end``,
    ``top``, ``shown``, ``tone``, ``href``, and ``other`` (of comparable customers, where that bar
    would end) with ``told``: a mark across the bar, or none."""
    return filled(_bridge, labels, steps=steps)


def _bridge(labels: Labels) -> Any:
    import altair as alt

    base = on("steps").encode(
        x=alt.X(
            "name:N", sort=None, title=None,
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
        y=alt.Y("top:Q", title=None, axis=None), text="shown:N"
    )
    zero = _rule(0.0).mark_rule(color=LINE).encode(y=alt.Y("y:Q", title=None, axis=None))
    # Where nobody is comparable the marks stand at nil, unseen: a scale wants some number.
    others = base.transform_calculate(at="isNumber(datum.other) ? datum.other : 0").mark_tick(
        thickness=3, size=46, color=WARN
    ).encode(
        y=alt.Y("at:Q", title=None, axis=None),
        opacity=alt.condition("isNumber(datum.other)", alt.value(1), alt.value(0)),
        tooltip=[alt.Tooltip("words:N", title=labels["name"]),
                 alt.Tooltip("told:N", title=labels["others"])],
    )  # fmt: skip
    return (zero + drawn + text + others).properties(height=230)


def rhythm(
    purchases: Rows, active: Rows, expected: Mapping[str, str] | None, labels: Labels
) -> dict[str, Any]:
    """P(active) as a line above, purchases as dots below, both over time.

    Purchases: ``day``, ``size``, ``shown``, ``href``; active: ``day``, ``share``; ``expected``:
    the ``day`` the next purchase is due and the ``words`` beside it.
    """
    due = [] if expected is None else [expected]
    return filled(_rhythm, labels, purchases=purchases, active=active, due=due)


def _rhythm(labels: Labels) -> Any:
    import altair as alt

    floor, strip = 120, 150
    time = alt.X("day:T", title=None,
                 axis=alt.Axis(grid=False, tickCount=6, labelFlush=True))  # fmt: skip
    share = alt.Y(
        "share:Q", title=None, scale=alt.Scale(domain=[0, 1], range=[floor, 6], zero=True),
        axis=alt.Axis(format="%", values=[0, 0.5, 1], domain=False),
    )  # fmt: skip
    chance = on("active").encode(
        x=time, y=share,
        tooltip=[alt.Tooltip("day:T", title=labels["day"], format="%x"),
                 alt.Tooltip("share:Q", title=labels["active"], format=".0%")],
    )  # fmt: skip
    dots = (
        on("purchases")
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
        _due(time, strip),
    ]
    return alt.layer(*layers).properties(height=strip + 18)


def _due(time: Any, height: int) -> Any:
    """A dashed square where the next purchase is expected."""
    import altair as alt

    return (
        on("due")
        .mark_point(shape="square", size=230, filled=False, color=WARN, strokeDash=[3, 2],
                    strokeWidth=2, opacity=1)
        .encode(x=time, y=alt.value(height), tooltip=[alt.Tooltip("words:N", title=" ")])
    )  # fmt: skip


def calibration(classes: Rows, labels: Labels, *, chances: bool = False) -> dict[str, Any]:
    """What came over what was expected; on the dashed diagonal both are the same.

    Classes: ``expected``, ``actual``, ``low`` and ``high`` (an interval around ``actual``),
    ``tone``, and for the tooltip ``customers``, ``told``, ``came``, ``span``. Counts stand on a
    square-root scale, which gives room to the many small ones; chances on a plain one.
    """
    top = 1.0 if chances else max((each["high"] for each in classes), default=1.0)
    ends = [{"at": 0.0}, {"at": top}]
    return filled(_reliability if chances else _calibration, labels, classes=classes, ends=ends)


def _calibration(labels: Labels) -> Any:
    import altair as alt

    # Those beyond the largest are left out by themselves.
    axis = alt.Axis(domain=False, values=[0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000])
    return _against_diagonal(labels, alt.Scale(type="sqrt", zero=True, nice=False), axis)


def _reliability(labels: Labels) -> Any:
    import altair as alt

    axis = alt.Axis(domain=False, format="%", values=[0, 0.25, 0.5, 0.75, 1])
    return _against_diagonal(labels, alt.Scale(domain=[0, 1]), axis)


def _against_diagonal(labels: Labels, scale: Any, axis: Any) -> Any:
    import altair as alt

    level = on("ends").mark_line(color=QUIET, strokeDash=[3, 3], strokeWidth=1).encode(
        x=alt.X("at:Q", title=labels["x"], scale=scale, axis=axis),
        y=alt.Y("at:Q", title=labels["y"], scale=scale, axis=axis),
    )  # fmt: skip
    base = on("classes").encode(x="expected:Q", color=alt.Color("tone:N", scale=None))
    told = [
        alt.Tooltip(f"{name}:N", title=labels[name])
        for name in ("customers", "told", "came", "span")
    ]
    spans = base.mark_rule(strokeWidth=2, opacity=0.55).encode(y="low:Q", y2="high:Q", tooltip=told)
    dots = base.mark_point(filled=True, size=75, opacity=1, stroke=CARD, strokeWidth=1).encode(
        y="actual:Q", tooltip=told
    )
    return (level + spans + dots).properties(height=250)


def sizes(marks: Rows, big: Rows, labels: Labels) -> dict[str, Any]:
    """Size against profit on square-root scales; the line is where nothing is earned.

    Marks: ``x``, ``y``, ``customers`` (how many one stands for), ``name``, ``size``, ``profit``,
    ``tone``, ``href``; ``big``: the same, drawn as diamonds with their ``place`` beside.
    """
    return filled(_sizes, labels, marks=marks, big=big)


def _sizes(labels: Labels) -> Any:
    import altair as alt

    roots = alt.Scale(type="sqrt", zero=True, nice=False)
    axis: dict[str, Any] = {"format": ",d", "domain": False, "tickCount": 4}
    told = [alt.Tooltip(f"{name}:N", title=labels[name]) for name in ("name", "size", "profit")]
    marks = on("marks").encode(
        x=alt.X("x:Q", title=labels["x"], scale=roots,
                axis=alt.Axis(grid=False, labelOverlap=True, **axis)),
        y=alt.Y("y:Q", title=labels["y"], scale=roots, axis=alt.Axis(**axis)),
        href="href:N", tooltip=told, color=alt.Color("tone:N", scale=None),
    )  # fmt: skip
    circles = marks.mark_point(filled=True, opacity=0.55, stroke=CARD, strokeWidth=1,
                               cursor="pointer").encode(
        size=alt.Size("customers:Q", legend=None,
                      scale=alt.Scale(type="sqrt", domainMin=1, range=[30, 420])),
    )  # fmt: skip
    named = on("big").encode(x="x:Q", y="y:Q", href="href:N", tooltip=told)
    diamonds = named.mark_point(filled=True, shape="diamond", size=150, color=WARN, opacity=1,
                                stroke=CARD, strokeWidth=1.5, cursor="pointer")  # fmt: skip
    places = named.mark_text(align="left", dx=9, color=INK, fontSize=12, fontWeight=600,
                             cursor="pointer").encode(text="place:N")  # fmt: skip
    nothing = _rule(0.0).mark_rule(color=QUIET, strokeDash=[3, 3]).encode(y="y:Q")
    return alt.layer(nothing, circles, diamonds, places).properties(height=280)


def cohorts(points: Rows, labels: Labels) -> dict[str, Any]:
    """Lines over months, one a channel: ``month``, ``amount``, ``channel``, ``tone``, ``dash`` (0
    to 5, its pattern), ``last`` (the month of the line's end) and ``at`` (the amount at which its
    name stands there)."""
    return filled(_cohorts, labels, points=points)


def _cohorts(labels: Labels) -> Any:
    import altair as alt

    base = on("points").encode(
        x=alt.X("month:Q", title=labels["x"], scale=alt.Scale(domainMin=0, nice=False),
                axis=alt.Axis(grid=False, tickMinStep=3, format="d", titlePadding=8)),
        y=alt.Y("amount:Q", title=None, axis=alt.Axis(format=",d", domain=False, tickCount=6)),
        color=alt.Color("tone:N", scale=None), detail="channel:N",
    )  # fmt: skip
    dashes = [[1, 0], [7, 3], [2, 3], [9, 3, 2, 3], [5, 5], [1, 4]]
    lines = base.mark_line(strokeWidth=2.2).encode(
        strokeDash=alt.StrokeDash(
            "dash:O", legend=None, scale=alt.Scale(domain=list(range(6)), range=dashes)
        )
    )
    touched = base.mark_point(filled=True, size=160, opacity=0).encode(
        tooltip=[alt.Tooltip("channel:N", title=labels["channel"]),
                 alt.Tooltip("month:Q", title=labels["x"]),
                 alt.Tooltip("amount:Q", title=labels["y"], format=",.0f")]
    )  # fmt: skip
    ends = base.transform_filter("datum.month == datum.last").encode(text="channel:N", y="at:Q")
    words: dict[str, Any] = {"align": "right", "dx": -2, "dy": -9, "fontSize": 12,
                             "fontWeight": 600}  # fmt: skip
    # Lines run behind the names: a rim of the card's colour keeps them readable.
    rims = ends.mark_text(stroke=CARD, strokeWidth=5, **words).encode(color=alt.value(CARD))
    names = ends.mark_text(**words)
    nothing = _rule(0.0).mark_rule(color=QUIET, strokeDash=[3, 3]).encode(y="y:Q")
    return alt.layer(nothing, lines, touched, rims, names).properties(height=280)


def columns(rows: Rows, labels: Labels) -> dict[str, Any]:
    """Upright bars in the rows' order, one a quarter: ``name``, ``words``, ``amount``, ``shown``,
    ``tone``, ``href``."""
    return filled(_columns, labels, rows=rows)


def _columns(labels: Labels) -> Any:
    import altair as alt

    base = on("rows").encode(
        x=alt.X("name:N", sort=None, title=None, scale=alt.Scale(paddingInner=0.25),
                axis=alt.Axis(labelAngle=0, ticks=False, domain=False, labelPadding=6,
                              labelExpr="split(datum.label, ' ')", labelOverlap=False)),
        y=alt.Y("amount:Q", title=None, axis=None),
        href="href:N",
        tooltip=[alt.Tooltip("words:N", title=labels["name"]),
                 alt.Tooltip("shown:N", title=labels["amount"])],
    )  # fmt: skip
    drawn = base.mark_bar(cornerRadius=2, cursor="pointer").encode(
        color=alt.Color("tone:N", scale=None)
    )
    text = base.mark_text(dy=-7, color=INK, fontSize=11).encode(
        text="shown:N", y=alt.Y("top:Q", title=None, axis=None)
    )
    return (drawn + text).properties(height=110)


def _rule(value: float) -> Any:
    import altair as alt

    return alt.Chart(alt.Data(values=[{"y": value}]))  # type: ignore[no-untyped-call]


def on(name: str) -> Any:
    """A chart of rows that are put in under this name."""
    import altair as alt

    return alt.Chart(alt.NamedData(name=name))


def filled(draw: Callable[[Labels], Any], labels: Labels, **rows: Rows) -> dict[str, Any]:
    drawn = _drawn(draw, tuple(labels.items()))
    return drawn | {"datasets": {name: [dict(row) for row in some] for name, some in rows.items()}}


@cache
def _drawn(draw: Callable[[Labels], Any], labels: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """The specification without rows, as wide as its place in the page. Not to be changed."""
    chart = draw(dict(labels)).properties(width="container", background="transparent")
    found: dict[str, Any] = chart.to_dict(validate=True)
    return found | {"autosize": {"type": "fit-x", "contains": "padding"}}
