"""Playbooks to begin with: proposed in the reader's language, theirs once they switch them on.

A dealer sells on, so it is about stock, the shelf and the people who sell there. An end customer
uses the goods, so it is about whether they do what was promised, and about the next need.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kundenstamm.customers.models import Link
from kundenstamm.lifecycle.models import Stage
from kundenstamm.playbooks.models import PlaybookStep
from kundenstamm.playbooks.rules import ANY

REPRESENTATIVE, SERVICE = PlaybookStep.Function.REPRESENTATIVE, PlaybookStep.Function.SERVICE
DEALER, END_CUSTOMER = Link.DEALER, Link.END_CUSTOMER


@dataclass(frozen=True)
class Proposed:
    """A step of a proposal; its words are a template until somebody switches it on."""

    msgid: str
    function: PlaybookStep.Function
    due_days: int

    @property
    def what(self) -> str:
        return gettext(self.msgid)


def _steps(*told: tuple[str, PlaybookStep.Function, int]) -> tuple[Proposed, ...]:
    return tuple(Proposed(*each) for each in told)


PROPOSALS: dict[tuple[str, str], tuple[Proposed, ...]] = {
    (Stage.PROSPECT, DEALER): _steps(
        (_("Find out which rival's goods the dealer carries and who decides"), REPRESENTATIVE, 2),
        (_("Visit with a sample range and the terms for dealers"), REPRESENTATIVE, 10),
        (_("Ask for a decision on a first stock order"), REPRESENTATIVE, 24),
    ),
    (Stage.PROSPECT, END_CUSTOMER): _steps(
        (_("Call: what is needed, by when, who decides"), REPRESENTATIVE, 2),
        (_("Send an offer for just that need"), SERVICE, 5),
        (_("Ask what is missing for a first order"), REPRESENTATIVE, 14),
    ),
    (Stage.NEW, DEALER): _steps(
        (_("Thank them for the first order and say who answers which question"), SERVICE, 1),
        (_("Show the dealer's sales staff the range"), REPRESENTATIVE, 10),
        (_("Agree on minimum stock and how to reorder"), REPRESENTATIVE, 21),
        (_("Check whether the goods leave the shelf: ask for sales to end customers"),
         REPRESENTATIVE, 45),
        (_("Settle the second order"), REPRESENTATIVE, 60),
    ),
    (Stage.NEW, END_CUSTOMER): _steps(
        (_("Call after delivery: is everything there, does it fit?"), SERVICE, 3),
        (_("Ask how it works in use, and note wishes"), REPRESENTATIVE, 14),
        (_("Name the contact for orders and for complaints"), SERVICE, 14),
        (_("Offer what goes with the first order"), REPRESENTATIVE, 40),
    ),
    (Stage.NEW, ANY): _steps(
        (_("Thank them for the first order"), SERVICE, 2),
        (_("Ask whether everything was as promised"), REPRESENTATIVE, 14),
        (_("Find out what else they need"), REPRESENTATIVE, 40),
    ),
    (Stage.REPEAT, DEALER): _steps(
        (_("Compare the dealer's range with ours: what is still missing"), REPRESENTATIVE, 10),
        (_("Plan one promotion with a fixed end"), REPRESENTATIVE, 30),
    ),
    (Stage.REPEAT, END_CUSTOMER): _steps(
        (_("Thank them for coming back and ask what made them do so"), REPRESENTATIVE, 7),
        (_("Agree how often they would like to hear from us"), REPRESENTATIVE, 21),
    ),
    (Stage.REGULAR, DEALER): _steps(
        (_("Agree on goals for the year, with numbers"), REPRESENTATIVE, 20),
        (_("Meet a second person there, so that it does not hang on one"), REPRESENTATIVE, 45),
        (_("Look through the terms: what is still earned?"), REPRESENTATIVE, 90),
    ),
    (Stage.REGULAR, END_CUSTOMER): _steps(
        (_("Say thank you, without an offer"), REPRESENTATIVE, 7),
        (_("Ask whom else they would tell about us"), REPRESENTATIVE, 45),
        (_("Look through the year with them: what was good, what was not"), REPRESENTATIVE, 180),
    ),
    (Stage.AT_RISK, DEALER): _steps(
        (_("Look up open complaints and late deliveries before the visit"), SERVICE, 1),
        (_("Visit: look at the shelf, ask who supplies now"), REPRESENTATIVE, 5),
        (_("Ask for a date of the next order; offer to take back what does not sell"),
         REPRESENTATIVE, 14),
        (_("Decide: win back, or let it rest"), REPRESENTATIVE, 30),
    ),
    (Stage.AT_RISK, END_CUSTOMER): _steps(
        (_("Look up open complaints before the call"), SERVICE, 1),
        (_("Call, ask what has changed, and listen"), REPRESENTATIVE, 3),
        (_("Mend what was wrong, with a date"), SERVICE, 10),
        (_("Call again: is it good now?"), REPRESENTATIVE, 21),
    ),
    (Stage.LOST, DEALER): _steps(
        (_("Ask the buyer why, and what the new supplier does better"), REPRESENTATIVE, 14),
        (_("See whether another dealer can supply their end customers"), REPRESENTATIVE, 30),
    ),
    (Stage.LOST, END_CUSTOMER): _steps(
        (_("Ask why, without an offer"), REPRESENTATIVE, 14),
        (_("Write once more, half a year later"), SERVICE, 180),
    ),
    (Stage.WON_BACK, DEALER): _steps(
        (_("Say who watches over deliveries from now on"), SERVICE, 2),
        (_("Visit: is the old trouble over?"), REPRESENTATIVE, 14),
        (_("Agree on minimum stock again"), REPRESENTATIVE, 30),
    ),
    (Stage.WON_BACK, END_CUSTOMER): _steps(
        (_("Call after delivery: is it better than last time?"), SERVICE, 5),
        (_("Ask what would make them stay"), REPRESENTATIVE, 21),
    ),
}  # fmt: skip
