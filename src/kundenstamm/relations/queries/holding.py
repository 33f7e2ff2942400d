"""One customer: which colleague speaks with whom there, who holds it, who else could."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kundenstamm.customers.contacts import Contact
from kundenstamm.customers.models import Customer, Representative
from kundenstamm.guard.models import User
from kundenstamm.relations.models import Bond, Correction, CorrectionQuerySet, Tie

# Colleagues beside each other; who stands further back has hardly any strength.
COLUMNS = 6


@dataclass(frozen=True)
class Square:
    """Where a row and a column of the map meet; ``part``: of the strongest on the map, 0–1."""

    strength: float
    part: float
    last_day: date | None


@dataclass(frozen=True)
class Line:
    """One person at the customer (None: whom nobody noted), with a square for each column."""

    contact: Contact | None
    squares: list[Square | None]


@dataclass(frozen=True)
class Holding:
    """``bonds`` are the columns, the strongest first; ``holder`` the one of them who is here and
    holds; ``others_spoke``: when anybody else who is here last did, None: never."""

    bonds: list[Bond]
    lines: list[Line]
    holder: Bond | None
    others_spoke: date | None

    @property
    def whole(self) -> list[Square]:
        """The last line: of each colleague with whomever."""
        most = max((bond.strength for bond in self.bonds), default=0.0) or 1.0
        return [Square(bond.strength, bond.strength / most, bond.last_day) for bond in self.bonds]


def holding(actor: User, customer: Customer) -> Holding:
    """As of the last reckoning; without any bond nobody has spoken with the customer."""
    known = Bond.objects.visible_to(actor).filter(customer=customer)
    found = list(known.select_related("colleague").order_by("-strength", "colleague"))
    holder = next((bond for bond in found if bond.holds), None)
    others = [
        bond.last_day
        for bond in found
        if bond is not holder and bond.colleague.here and bond.last_day is not None
    ]
    shown = found[:COLUMNS]
    return Holding(shown, _lines(actor, customer, shown), holder, max(others, default=None))


def _lines(actor: User, customer: Customer, bonds: list[Bond]) -> list[Line]:
    """By contact, the best known first."""
    known = Tie.objects.visible_to(actor).filter(customer=customer)
    ties = list(known.select_related("contact").order_by("-strength", "pk"))
    most = max((tie.strength for tie in ties), default=0.0) or 1.0
    by_contact: dict[int | None, list[Tie]] = {}
    for tie in ties:
        by_contact.setdefault(tie.contact_id, []).append(tie)
    lines = []
    for met in by_contact.values():
        squares = {
            tie.colleague_id: Square(tie.strength, tie.strength / most, tie.last_day) for tie in met
        }
        lines.append(Line(met[0].contact, [squares.get(each.colleague_id) for each in bonds]))
    return lines


def corrections_of(actor: User, customer: Customer) -> CorrectionQuerySet:
    """What was said against the record and stands, the newest first."""
    known = Correction.objects.visible_to(actor).standing().filter(customer=customer)
    return known.select_related("colleague", "by").order_by("-at", "-pk")


def hanging_on(
    actor: User, representative: Representative, customers: Iterable[int]
) -> dict[int, float]:
    """Of some customers, the part that hangs on who serves them under a code, 0–1.

    Bound to them and not covered, as of the last reckoning; without anybody's conversation with a
    customer there is no part to tell.
    """
    known = Bond.objects.visible_one_by_one(actor).filter(customer__in=list(customers))
    parts = dict.fromkeys(known.values_list("customer", flat=True), 0.0)
    theirs = known.filter(colleague__representative=representative)
    for customer, share, cover in theirs.values_list("customer", "bound", "cover"):
        parts[customer] = share * (1 - cover)
    return parts
