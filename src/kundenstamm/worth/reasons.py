"""What `kundenstamm.worth.auto.AutoEstimator` chose, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kundenstamm.worth.auto import AutoEstimator


def reasons(chosen: AutoEstimator, windows: int) -> tuple[str, ...]:
    """Models with their weights, the trees' part, the level; ``windows`` could be judged."""
    names = ", ".join(
        f"{model.name} {weight:.0%}"
        for model, weight in zip(chosen.models_, chosen.weights_, strict=True)
    )
    if not windows:
        return (f"Models: {names}; there is no earlier window of this length to judge them by.",)
    return (
        f"Models: {names}, weighed on {windows} earlier windows.",
        _trees(chosen),
        "The level is that of the models: no earlier window was like the coming days."
        if chosen.level_ == 1
        else f"The level is {chosen.level_ - 1:+.1%}, as in windows of the same season.",
    )


def _trees(chosen: AutoEstimator) -> str:
    if not chosen.learned_share_:
        return "Trees were left out: they were not better, or there was too little data."
    return (
        f"Trees have a share of {chosen.learned_share_:.0%}: in the latest window, kept from "
        f"them, they lowered the deviance by {chosen.saved_:.1%}."
    )
