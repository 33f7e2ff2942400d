"""Boosted trees as plain arrays: grown by scikit-learn, told and written down without it.

A model is never pickled. What growing leaves behind are numbers only: which column is asked, where
it is cut, and what a leaf says. These go into JSON and come back as the same trees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.models.base import Floats

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingRegressor

Places = npt.NDArray[np.int32]
# JSON has no infinity; no finite value lies beyond this one.
BEYOND = 1e300


@dataclass(frozen=True)
class Trees:
    """All nodes of all trees in a row; ``roots`` says where each tree begins.

    A node asks whether column ``column`` is at most ``cut`` (missing values go left where
    ``missing_left``) and leads to ``left`` or ``right``; in a leaf both are −1 and ``leaf`` is
    what it says, in logarithms. ``start`` is what is told without any tree.
    """

    start: float
    roots: Places
    column: Places
    cut: Floats
    missing_left: npt.NDArray[np.bool_]
    left: Places
    right: Places
    leaf: Floats

    @classmethod
    def grown(cls, columns: Floats, target: Floats, weight: Floats, seed: int) -> Trees:
        """Learn the logarithm of ``target`` (not negative) from ``columns``, by Poisson deviance.

        Parameters
        ----------
        columns
            Shape ``(rows, columns)``; NaN is a missing value. No column may be constant.
        target, weight
            Shape ``(rows,)``.
        """
        from sklearn.ensemble import HistGradientBoostingRegressor

        model = HistGradientBoostingRegressor(
            loss="poisson",
            max_iter=100,
            learning_rate=0.05,
            max_leaf_nodes=6,
            min_samples_leaf=max(50, min(200, target.size // 100)),
            l2_regularization=5.0,
            early_stopping=False,
            random_state=seed,
        )
        model.fit(columns, target, sample_weight=weight)
        return cls._taken(model)

    @classmethod
    def _taken(cls, model: HistGradientBoostingRegressor) -> Trees:
        # These two are scikit-learn's own; a test holds that they tell what `predict` tells.
        nodes = [each[0].nodes for each in model._predictors]
        sizes = np.array([tree.size for tree in nodes])
        roots = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        whole = np.concatenate(nodes)
        first = np.repeat(roots, sizes)
        inner = whole["is_leaf"] == 0
        return cls(
            float(np.ravel(model._baseline_prediction)[0]),
            roots.astype(np.int32),
            whole["feature_idx"].astype(np.int32),
            np.clip(whole["num_threshold"].astype(np.float64), -BEYOND, BEYOND),
            whole["missing_go_to_left"].astype(np.bool_),
            np.where(inner, whole["left"] + first, -1).astype(np.int32),
            np.where(inner, whole["right"] + first, -1).astype(np.int32),
            whole["value"].astype(np.float64),
        )

    def told(self, columns: Floats) -> Floats:
        """What the trees expect, not negative; shape ``(rows,)``."""
        from kundenstamm.worth.kernels.trees import sums

        return np.asarray(np.exp(self.start + sums(self, np.ascontiguousarray(columns))))

    def as_data(self) -> dict[str, Any]:
        """Plain numbers and lists."""
        return {
            "start": self.start,
            **{name: getattr(self, name).tolist() for name in _ARRAYS},
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The trees that `as_data` wrote down."""
        arrays = {name: np.array(data[name], dtype=kind) for name, kind in _ARRAYS.items()}
        return cls(float(data["start"]), **arrays)


_ARRAYS: Mapping[str, Any] = {
    "roots": np.int32,
    "column": np.int32,
    "cut": np.float64,
    "missing_left": np.bool_,
    "left": np.int32,
    "right": np.int32,
    "leaf": np.float64,
}
