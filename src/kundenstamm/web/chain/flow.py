"""The flow down a chain as places in a drawing: boxes in columns, ribbons between them.

The table beside it says the same in words, so nothing hangs on seeing the drawing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kundenstamm.chain.flowing import Step
from kundenstamm.customers.models import Customer

WIDTH, COLUMN, BOX = 860, 250, 12
# Heights: of the widest column, of the gap between boxes, and of what would else be a hairline.
TALL, GAP, LEAST = 260.0, 16.0, 2.0
TOP = 14.0


@dataclass
class Box:
    """One customer, or the others of a step (``customer`` is None: ``number`` of them)."""

    column: int
    customer: Customer | None
    number: int = 0
    profit: Decimal = Decimal(0)
    volume: float = 0.0
    x: float = 0.0
    y: float = 0.0
    height: float = 0.0
    # How much of its left and right side has a ribbon already.
    came: float = 0.0
    went: float = 0.0

    @property
    def label_x(self) -> float:
        return self.x + BOX + 6

    @property
    def label_y(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class Ribbon:
    """A path between two boxes."""

    path: str
    losing: bool
    reported: bool


@dataclass
class Drawing:
    boxes: list[Box] = field(default_factory=list)
    ribbons: list[Ribbon] = field(default_factory=list)
    height: float = 0.0
    width: int = WIDTH


def drawn(top: Customer, profit: Decimal, steps: Sequence[Step]) -> Drawing | None:
    """None where nothing flows."""
    if not steps:
        return None
    columns: list[dict[int, Box]] = [{top.pk: Box(0, top, profit=profit)}]
    places: dict[int, Box] = dict(columns[0])
    links: list[tuple[Box, Box, float, bool]] = []
    for number, step in enumerate(steps, start=1):
        column: dict[int, Box] = {}
        for each in step.flows:
            box = places.get(each.lower.pk)
            # Of somebody whom two suppliers of different steps supply there is one box.
            if box is None:
                box = column[each.lower.pk] = Box(number, each.lower, profit=each.profit)
                places[each.lower.pk] = box
            if box.column > places[each.upper].column:
                links.append((places[each.upper], box, float(each.volume), each.reported))
        if step.others.number:
            column[0] = Box(number, None, step.others.number, step.others.profit)
            column[0].volume = float(step.others.volume)
        columns.append(column)
    return _placed(columns, links)


def _placed(columns: list[dict[int, Box]], links: list[tuple[Box, Box, float, bool]]) -> Drawing:
    incoming: dict[int, float] = defaultdict(float)
    outgoing: dict[int, float] = defaultdict(float)
    for upper, lower, volume, _reported in links:
        outgoing[id(upper)] += volume
        incoming[id(lower)] += volume
    for column in columns:
        for box in column.values():
            box.volume = max(box.volume, incoming[id(box)], outgoing[id(box)])
    scale = TALL / max(sum(box.volume for box in column.values()) or 1 for column in columns)
    made = Drawing()
    # Names beside the last column need room as well.
    apart = min(COLUMN, (WIDTH - BOX - 190) / max(len(columns) - 1, 1))
    for number, column in enumerate(columns):
        y = TOP
        for box in sorted(column.values(), key=lambda each: (each.customer is None, -each.volume)):
            box.x, box.y, box.height = number * apart, y, max(box.volume * scale, LEAST)
            y += box.height + max(GAP, 36 - box.height)
            made.boxes.append(box)
        made.height = max(made.height, y)
    for upper, lower, volume, reported in sorted(links, key=lambda each: (each[0].y, each[1].y)):
        made.ribbons.append(_ribbon(upper, lower, max(volume * scale, 1.0), reported=reported))
    return made


def _ribbon(upper: Box, lower: Box, thick: float, *, reported: bool) -> Ribbon:
    """From the right side of one to the left side of the other, below what is there already."""
    x0, x1 = upper.x + BOX, lower.x
    y0, y1 = upper.y + upper.went, lower.y + lower.came
    upper.went, lower.came = upper.went + thick, lower.came + thick
    mid = (x0 + x1) / 2
    path = (
        f"M{x0:.1f} {y0:.1f}C{mid:.1f} {y0:.1f} {mid:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
        f"V{y1 + thick:.1f}C{mid:.1f} {y1 + thick:.1f} {mid:.1f} {y0 + thick:.1f} "
        f"{x0:.1f} {y0 + thick:.1f}Z"
    )
    return Ribbon(path, lower.profit < 0, reported)


def rows(top: Customer, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The same as a table: link by link, and the others of each step."""
    named = {top.pk: top} | {each.lower.pk: each.lower for step in steps for each in step.flows}
    found: list[dict[str, Any]] = []
    for number, step in enumerate(steps, start=1):
        found += [
            {"lower": each.lower, "upper": named[each.upper], "volume": each.volume,
             "profit": each.profit, "invoiced": not each.reported}
            for each in step.flows
        ]  # fmt: skip
        if step.others.number:
            found.append(vars(step.others) | {"step": number})
    return found
