"""What boosted trees say of each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kundenstamm.worth.kernels.compiling import compiled, spread
from kundenstamm.worth.models.base import Floats

if TYPE_CHECKING:
    from kundenstamm.worth.models.trees import Trees


def sums(trees: Trees, columns: Floats) -> Floats:
    """Sum over the trees of the leaf each row falls into; shape ``(rows,)``."""
    out = np.zeros(columns.shape[0])

    def part(start: int, stop: int) -> None:
        _fall(
            columns[start:stop], trees.roots, trees.column, trees.cut, trees.missing_left,
            trees.left, trees.right, trees.leaf, out[start:stop],
        )  # fmt: skip

    spread(part, out.size)
    return out


@compiled
def _fall(columns, roots, column, cut, missing_left, left, right, leaf, out):  # type: ignore[no-untyped-def]
    for row in range(out.size):
        total = 0.0
        for root in roots:
            node = root
            while left[node] >= 0:
                value = columns[row, column[node]]
                goes_left = missing_left[node] if np.isnan(value) else value <= cut[node]
                node = left[node] if goes_left else right[node]
            total += leaf[node]
        out[row] = total
