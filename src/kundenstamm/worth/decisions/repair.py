"""What to do about a customer that loses: one rung of the ladder, or nothing, and why.

Rules in prose and worked examples: ``docs/algorithms/repair.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, log10

from kundenstamm.worth.decisions.ladder import Brought, ladder
from kundenstamm.worth.decisions.loss import Loss
from kundenstamm.worth.decisions.rungs import Assumptions, Rung
from kundenstamm.worth.sentences import Sentence, gettext_noop

# Values are money a year, positive, but for ``change`` and ``share``.
NO_LOSS = gettext_noop("It brings {brought} a year: there is nothing to repair.")
ONCE = gettext_noop(
    "It only looks bad: without {taken} that was paid once it brings {brought} a year. Parting is "
    "not advised."
)
IDLE = gettext_noop(
    "{taken} of its cost to serve would be there without it too, because that time would stand "
    "idle. Parting would lose {loss} a year and is not advised."
)
AT_STAKE = gettext_noop("Parting would lose {loss} a year and is not advised.")
REAL = gettext_noop("What would really vanish with it costs {loss} a year more than it brings.")
NOTHING = gettext_noop(
    "No rung is sure to bring more than it risks: leave it as it is and look again."
)
LAST = gettext_noop("No gentler rung is expected to bring as much as parting.")
BRINGS: Mapping[Rung, str] = {
    Rung.PRICE: gettext_noop(
        "Prices {change} are expected to bring {left} a year, the risk of losing it included."
    ),
    Rung.MINIMUM_ORDER: gettext_noop(
        "A minimum order of {brought} is expected to bring {left} a year, the risk of losing it "
        "included."
    ),
    Rung.SERVICE: gettext_noop(
        "{share} of today's visits and support are expected to bring {left} a year, the risk of "
        "losing it included."
    ),
    Rung.DEALER: gettext_noop(
        "Supply by a dealer is expected to bring {left} a year, the risk of losing it included."
    ),
    Rung.LET_GO: gettext_noop("Parting is expected to save {left} a year."),
}


@dataclass(frozen=True)
class Advice:
    """The ladder with what is advised.

    Attributes
    ----------
    recommended
        None: keep the customer as it is.
    may_part
        Whether parting is worth a thought at all.
    reasons
        Why, in the order to be read.
    """

    rungs: tuple[Brought, ...]
    recommended: Rung | None
    may_part: bool
    reasons: tuple[Sentence, ...]

    def brought(self, rung: Rung) -> Brought:
        return next(each for each in self.rungs if each.rung == rung)


def advice(loss: Loss, assumptions: Assumptions | None = None) -> Advice:
    """The rung of which most is expected, among those that lose nothing at twice the risk.

    Parting is advised only where the customer's avoidable contribution is negative and no gentler
    rung is expected to bring as much; never where the loss was paid once, or would stay.
    """
    rungs = ladder(loss, assumptions)
    if loss.recurring.contribution_3 >= 0:
        return Advice(rungs, None, False, (_no_loss(loss),))
    may_part = loss.at_stake < 0
    open_to = [
        each for each in rungs if each.interval.low > 0 and (may_part or each.rung != Rung.LET_GO)
    ]
    # The first of equals: the gentlest.
    chosen = max(open_to, key=lambda each: each.expected, default=None)
    reasons = (_why_so_bad(loss), *_why_chosen(chosen))
    return Advice(rungs, chosen.rung if chosen else None, may_part, reasons)


def _no_loss(loss: Loss) -> Sentence:
    brings, looks = loss.recurring.contribution_3, loss.year.contribution_3
    if looks >= 0:
        return Sentence(NO_LOSS, {"brought": _money(brings)})
    return Sentence(ONCE, {"taken": _money(brings - looks), "brought": _money(brings)})


def _why_so_bad(loss: Loss) -> Sentence:
    values = {"loss": _about(abs(loss.at_stake))}
    if loss.at_stake < 0:
        return Sentence(REAL, values)
    if loss.staying < 0:
        return Sentence(IDLE, values | {"taken": _money(-loss.staying)})
    return Sentence(AT_STAKE, values)


def _why_chosen(chosen: Brought | None) -> tuple[Sentence, ...]:
    if chosen is None:
        return (Sentence(NOTHING),)
    values = {"left": _about(chosen.expected)}
    if chosen.rung == Rung.LET_GO:
        return Sentence(LAST), Sentence(BRINGS[chosen.rung], values)
    if chosen.rung == Rung.PRICE:
        values["change"] = round(chosen.size, 4)
    elif chosen.rung == Rung.SERVICE:
        values["share"] = round(chosen.size, 4)
    elif chosen.rung == Rung.MINIMUM_ORDER:
        values["brought"] = _money(chosen.size)
    return (Sentence(BRINGS[chosen.rung], values),)


def _money(amount: float) -> float:
    return round(amount, 2)


def _about(amount: float) -> float:
    """What is estimated has three digits at most, as in the table beside it."""
    digits = max(floor(log10(amount)) - 2, 0) if amount >= 1 else 0
    return float(round(amount / 10**digits) * 10**digits)
