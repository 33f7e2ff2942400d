"""What binds customers to who took them over, as far as the last reckoning found it."""

from __future__ import annotations

from collections.abc import Iterable

from kundenstamm.departures.models import HandoverLine
from kundenstamm.guard.models import User
from kundenstamm.relations.models import Bond


def grown(lines: Iterable[HandoverLine], actor: User) -> dict[int, Bond]:
    """Line → the successor's bond, of those that were handed over; none: nobody spoke yet."""
    over = {
        each.customer_id: (each.pk, each.successor.pk)
        for each in lines
        if each.handed_over_at is not None and each.successor is not None
    }
    known = Bond.objects.visible_one_by_one(actor).filter(customer__in=list(over))
    found = {}
    for bond in known.select_related("colleague"):
        line, successor = over[bond.customer_id]
        if bond.colleague.representative_id == successor:
            found[line] = bond
    return found
