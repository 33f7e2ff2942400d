"""What `kundenstamm.worth.auto.AutoEstimator` chose, as sentences that can be translated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kundenstamm.worth.sentences import Sentence, gettext_noop

if TYPE_CHECKING:
    from kundenstamm.worth.auto import AutoEstimator

# Values: ``share`` and ``saved`` are fractions, ``change`` is a signed one.
UNJUDGED = gettext_noop(
    "Models: {models}; there is no earlier window of this length to judge them by."
)
JUDGED = gettext_noop("Models: {models}, weighed on {windows} earlier windows.")
NO_TREES = gettext_noop("Trees were left out: they were not better, or there was too little data.")
TREES = gettext_noop(
    "Trees have a share of {share}: in the latest window, kept from them, they lowered the "
    "deviance by {saved}."
)
LEVEL_OF_MODELS = gettext_noop(
    "The level is that of the models: no earlier window was like the coming days."
)
LEVEL = gettext_noop("The level is changed by {change}, as in windows of the same season.")


def reasons(chosen: AutoEstimator, windows: int) -> tuple[Sentence, ...]:
    """Models with their weights, the trees' part, the level; ``windows`` could be judged."""
    models = ", ".join(
        f"{model.name} {weight:.0%}"
        for model, weight in zip(chosen.models_, chosen.weights_, strict=True)
    )
    if not windows:
        return (Sentence(UNJUDGED, {"models": models}),)
    return (
        Sentence(JUDGED, {"models": models, "windows": windows}),
        _trees(chosen),
        Sentence(LEVEL_OF_MODELS)
        if chosen.level_ == 1
        else Sentence(LEVEL, {"change": round(chosen.level_ - 1, 4)}),
    )


def _trees(chosen: AutoEstimator) -> Sentence:
    if not chosen.learned_share_:
        return Sentence(NO_TREES)
    return Sentence(TREES, {"share": chosen.learned_share_, "saved": round(chosen.saved_, 4)})
