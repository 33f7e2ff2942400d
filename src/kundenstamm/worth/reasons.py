"""What `kundenstamm.worth.auto.AutoEstimator` chose, as sentences that can be translated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kundenstamm.worth.sentences import Sentence, gettext_noop

if TYPE_CHECKING:
    from kundenstamm.worth.choice import Choice
    from kundenstamm.worth.models.base import OccasionsModel
    from kundenstamm.worth.past import Past

# Values: ``share`` and ``saved`` are fractions, ``change`` is a signed one.
UNJUDGED = gettext_noop(
    "Models: {models}; there is no earlier window of this length to judge them by."
)
JUDGED = gettext_noop("Models: {models}, weighed on {windows} earlier windows.")
SHORTER = gettext_noop(
    "Models: {models}, weighed on {windows} earlier windows of {days} days: the history is too "
    "short for longer ones."
)
NO_TREES = gettext_noop("Trees were left out: they were not better, or there was too little data.")
TREES = gettext_noop(
    "Trees have a share of {share}: in the latest window, kept from them, they lowered the "
    "deviance by {saved}."
)
LEVEL_OF_MODELS = gettext_noop(
    "The level is that of the models: no earlier window was like the coming days."
)
LEVEL = gettext_noop("The level is changed by {change}, as in windows of the same season.")


def reasons(
    models: Sequence[OccasionsModel], chosen: Choice, pasts: Sequence[Past], *, shorter: bool
) -> tuple[Sentence, ...]:
    """Models with their weights, the trees' part, the level; from what windows."""
    named = ", ".join(
        f"{model.name} {weight:.0%}" for model, weight in zip(models, chosen.weights, strict=True)
    )
    if not pasts:
        return (Sentence(UNJUDGED, {"models": named}),)
    windows = len(pasts)
    if shorter:
        days = pasts[0].window.days
        return (Sentence(SHORTER, {"models": named, "windows": windows, "days": days}),)
    return (
        Sentence(JUDGED, {"models": named, "windows": windows}),
        _trees(chosen),
        Sentence(LEVEL_OF_MODELS)
        if chosen.level == 1
        else Sentence(LEVEL, {"change": round(chosen.level - 1, 4)}),
    )


def _trees(chosen: Choice) -> Sentence:
    if not chosen.share:
        return Sentence(NO_TREES)
    return Sentence(TREES, {"share": chosen.share, "saved": round(chosen.saved, 4)})
