"""The ladder of one customer under what somebody assumes, and the figures that a plan keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from kundenstamm.worth.decisions.loss import Loss
from kundenstamm.worth.decisions.repair import Advice, advice
from kundenstamm.worth.decisions.rungs import Assumptions, Rung
from kundenstamm.worth.decisions.terms import Interval
from kundenstamm.worth.decisions.year import WORK
from kundenstamm.worth.levels import Kind


@dataclass(frozen=True)
class Assumed:
    """What somebody may set on the page.

    ``avoidable``: one share for all work in place of the pools'; ``once``: cost to serve of the
    year that will not come again, positive; ``spread``: how much more or less may be bought.
    """

    answers: Assumptions
    avoidable: float | None = None
    once: float = 0.0
    spread: float = 0.2


@dataclass(frozen=True)
class Ladder:
    """One customer's loss as it is taken here, and what is advised."""

    loss: Loss
    advice: Advice
    assumed: Assumed


def reckoned(loss: Loss, assumed: Assumed) -> Ladder:
    """The ladder under assumptions."""
    taken = replace(
        loss,
        avoidable=loss.avoidable
        if assumed.avoidable is None
        else dict.fromkeys(WORK, assumed.avoidable),
        one_off={**loss.one_off, **_once(loss, assumed.once)},
        quantity=Interval(1 - assumed.spread, 1 + assumed.spread),
    )
    return Ladder(taken, advice(taken, assumed.answers), assumed)


def _once(loss: Loss, amount: float) -> Mapping[Kind, float]:
    """An amount of work taken off each kind of it alike; not more than there was."""
    work = {kind: spent for kind, spent in loss.year.serving.items() if kind in WORK and spent < 0}
    spent = -sum(work.values())
    share = min(amount / spent, 1.0) if spent else 0.0
    return {kind: each * share for kind, each in work.items()} if share > 0 else {}


def figures(ladder: Ladder, rung: Rung) -> dict[str, Any]:
    """What is kept of a choice: what was measured before, what is expected, what was assumed."""
    loss, chosen = ladder.loss, ladder.advice.brought(rung)
    return {
        "contribution_3": round(loss.year.contribution_3, 2),
        "without_once": round(loss.recurring.contribution_3, 2),
        "at_stake": round(loss.at_stake, 2),
        "gain": round(chosen.gain, 2),
        "risk": round(chosen.risk, 4),
        "expected": round(chosen.expected, 2),
        "interval": [round(chosen.interval.low, 2), round(chosen.interval.high, 2)],
        "recommended": ladder.advice.recommended,
        "reasons": [reason.as_data() for reason in ladder.advice.reasons],
        "avoidable": {str(int(kind)): share for kind, share in loss.avoidable.items()},
        "assumed": asdict(ladder.assumed),
    }


def avoidable_of(kept: Mapping[str, Any]) -> dict[Kind, float]:
    """The shares that a plan was reckoned with."""
    return {Kind(int(kind)): share for kind, share in kept.get("avoidable", {}).items()}
