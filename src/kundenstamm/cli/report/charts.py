"""Charts of the page as inline SVG: readable without colour, without a script."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from kundenstamm.kit.words import gettext_noop

if TYPE_CHECKING:
    from kundenstamm.kit.words import Words
    from kundenstamm.worth.whale import Whale

PEAK = gettext_noop("{share} after {count} customers")
AXIS = gettext_noop("customers, best first")

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 600, 260, 44, 26, 22


def whale(curve: Whale | None, say: Words) -> str:
    """The cumulative profit by rank; a dashed line marks the whole profit."""
    if curve is None:
        return ""
    tallest, lowest = max(curve.peak_share, 1.0) * 1.04, min(*curve.shares, 0.0)

    def x(rank: float) -> float:
        return LEFT + (WIDTH - LEFT - 8) * rank / curve.customers

    def y(share: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (tallest - share) / (tallest - lowest)

    points = " ".join(
        f"{x(rank):.1f},{y(share):.1f}"
        for rank, share in zip(curve.ranks, curve.shares, strict=True)
    )
    peak = say.say(PEAK, share=say.share(curve.peak_share, 1), count=say.count(curve.peak_rank))
    # The words stay inside the picture, whether the peak lies at its left or its right end.
    anchor = "end" if x(curve.peak_rank) > WIDTH / 2 else "start"
    marks = "".join(
        f'<text x="{LEFT - 6}" y="{y(share) + 4:.1f}" text-anchor="end">{say.share(share)}</text>'
        f'<line class="{"whole" if share == 1 else "grid"}" x1="{LEFT}" x2="{WIDTH - 8}" '
        f'y1="{y(share):.1f}" y2="{y(share):.1f}"/>'
        for share in (0.0, 0.5, 1.0)
    )
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(peak)}">'
        f'{marks}<polygon class="under" points="{x(0):.1f},{y(0):.1f} {points} '
        f'{x(curve.customers):.1f},{y(0):.1f}"/><polyline class="curve" points="{points}"/>'
        f'<circle class="peak" cx="{x(curve.peak_rank):.1f}" cy="{y(curve.peak_share):.1f}" r="4"/>'
        f'<text x="{x(curve.peak_rank):.1f}" y="{y(curve.peak_share) - 9:.1f}" '
        f'text-anchor="{anchor}">{escape(peak)}</text>'
        f'<text x="{LEFT}" y="{HEIGHT - 8}">{escape(say.say(AXIS))}</text>'
        f'<text x="{WIDTH - 8}" y="{HEIGHT - 8}" text-anchor="end">'
        f"{say.count(curve.customers)}</text>"
        "</svg>"
    )


# Each level hangs from the subtotal before it; subtotals stand on the ground.
_BEFORE = {"returns": "gross_sales", "reductions": "after returns", "goods": "net_revenue"}


def bridge_bar(levels: Mapping[str, Decimal], name: str) -> str:
    """One bar of the bridge from gross sales to contribution I."""
    known = {**levels, "after returns": levels["gross_sales"] + levels["returns"]}
    start = known[_BEFORE[name]] if name in _BEFORE else Decimal(0)
    end = start + levels[name]
    reach = [value for key, value in known.items() if key not in _BEFORE] + [Decimal(0)]
    low, high = min(reach), max(reach)
    span = high - low or Decimal(1)
    left, right = sorted((start, end))
    width = max((right - left) / span * 100, Decimal("0.3"))
    colour = "loss" if name in _BEFORE and levels[name] < 0 else "gain"
    return (
        '<svg viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect x="{(left - low) / span * 100:.2f}" width="{width:.2f}" y="0" height="14" rx="0.4" '
        f'fill="var(--{colour})"/></svg>'
    )
