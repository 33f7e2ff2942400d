"""A share over time, as the other charts are drawn."""

from __future__ import annotations

from typing import Any

from kundenstamm.kit.charts import ACCENT, Labels, Rows, filled, on


def course(points: Rows, labels: Labels) -> dict[str, Any]:
    """Points: ``day`` (ISO), ``share``, and for the tooltip ``words`` and ``shown``."""
    return filled(_course, labels, points=points)


def _course(labels: Labels) -> Any:
    import altair as alt

    base = on("points").encode(
        x=alt.X("day:T", title=None, axis=alt.Axis(grid=False, tickCount=5)),
        y=alt.Y("share:Q", title=None, scale=alt.Scale(domainMin=0, nice=True),
                axis=alt.Axis(format="%", domain=False, tickCount=4)),
        tooltip=[alt.Tooltip("words:N", title=labels["x"]),
                 alt.Tooltip("shown:N", title=labels["y"])],
    )  # fmt: skip
    drawn = [
        base.mark_area(color=ACCENT, opacity=0.12),
        base.mark_line(color=ACCENT, strokeWidth=2.2),
        base.mark_point(filled=True, size=45, color=ACCENT, opacity=1),
    ]
    return alt.layer(*drawn).properties(height=170)
