"""Sentences about a customer and names of stages, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kundenstamm.kit.words import gettext_noop

if TYPE_CHECKING:
    from kundenstamm.kit.words import Words

STAGES = {
    "prospect": gettext_noop("Prospect"),
    "new": gettext_noop("New"),
    "repeat": gettext_noop("Repeat customer"),
    "regular": gettext_noop("Regular"),
    "at_risk": gettext_noop("At risk"),
    "lost": gettext_noop("Lost"),
    "won_back": gettext_noop("Won back"),
    "parted": gettext_noop("Parted"),
}


def why(reason: dict[str, Any], say: Words) -> str:
    """The reason of a stage in one sentence."""
    params = dict(reason["params"])
    chance = params.get("p_active")
    params["p_active"] = "?" if chance is None else say.share(chance)
    return say.say(reason["msgid"], **params)


def stage(name: str, say: Words) -> str:
    return say.say(STAGES[name])
