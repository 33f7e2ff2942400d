"""Load against capacity as a picture, drawn as `kundenstamm.kit.charts` draws."""

from __future__ import annotations

from typing import Any

from kundenstamm.kit import charts
from kundenstamm.kit.charts import Labels, Rows

# Of who is served, who was won since, and pursuits; capacity is a line across.
TONES = ("var(--field)", charts.ACCENT, charts.WARN)


def load(parts: Rows, capacity: Rows, labels: Labels) -> dict[str, Any]:
    """Stacked bars, one a month, and what the pool can work.

    Parts: ``name`` (of the month), ``words``, ``place`` (in the stack), ``part``, ``hours``,
    ``shown``, ``tone``, ``href``. Capacity: ``name``, ``words``, ``hours``, ``shown``.
    """
    return charts.filled(_load, labels, parts=parts, capacity=capacity)


def _load(labels: Labels) -> Any:
    import altair as alt

    x = alt.X("name:N", sort=None, title=None, scale=alt.Scale(paddingInner=0.2),
              axis=alt.Axis(labelAngle=0, ticks=False, domain=False, labelPadding=6,
                            labelExpr="split(datum.label, ' ')",
                            labelOverlap=True))  # fmt: skip
    y = alt.Y("hours:Q", title=labels["hours"],
              axis=alt.Axis(format=",d", domain=False, tickCount=5))  # fmt: skip
    bars = charts.on("parts").mark_bar(cursor="pointer").encode(
        x=x, y=y, color=alt.Color("tone:N", scale=None), order="place:Q", href="href:N",
        tooltip=[alt.Tooltip("words:N", title=labels["month"]),
                 alt.Tooltip("part:N", title=labels["part"]),
                 alt.Tooltip("shown:N", title=labels["hours"])],
    )  # fmt: skip
    # A step of each month's width, so that months with other hands are seen.
    line = charts.on("capacity").mark_tick(thickness=3, color=charts.INK, opacity=1).encode(
        x=x, y=alt.Y("hours:Q", title=labels["hours"]),
        tooltip=[alt.Tooltip("words:N", title=labels["month"]),
                 alt.Tooltip("shown:N", title=labels["capacity"])],
    )  # fmt: skip
    return (bars + line).properties(height=240)
