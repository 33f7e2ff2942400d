"""What this room tells of a customer: how a pursuit of it went on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kundenstamm.customers.timeline import Asked, Department, Event, Kind, Source, local_day
from kundenstamm.guard.masks import sees
from kundenstamm.pursuits.models import PursuitChange, State

PURSUIT = Kind("pursuit", _("Pursuits"), Department.SALES)
BEGUN = gettext_noop("Pursuit opened")
GIVEN = gettext_noop("Pursuit handed over to {name}")
_SAYS = {
    State.CONSIDERING: gettext_noop("Pursuit considered again"),
    State.GO: gettext_noop("Pursuit: go"),
    State.NEGOTIATING: gettext_noop("Pursuit: negotiating"),
    State.WON: gettext_noop("Pursuit won"),
    State.LOST: gettext_noop("Pursuit lost"),
    State.PARKED: gettext_noop("Pursuit parked"),
}


def changes(asked: Asked) -> list[Event]:
    """For whoever sees prices, as on the pursuit's own page."""
    if not sees(asked.actor, "document.prices"):
        return []
    known = PursuitChange.objects.visible_to(asked.actor).filter(customer=asked.customer)
    found = known.filter(at__lt=asked.before).select_related("pursuit", "by", "to_owner")
    return [_event(each) for each in found.order_by("-at", "-pk")[: asked.limit]]


def _event(each: PursuitChange) -> Event:
    says, params = _SAYS[State(each.after)], {}
    if each.to_owner is not None:
        says, params = GIVEN, {"name": each.to_owner.name}
    elif not each.before:
        says = BEGUN
    evidence = ("pursuit", each.pursuit.key)
    return Event("pursuit", local_day(each.at), says, params, each.at, each.by.name, evidence, each)


SOURCES = (Source((PURSUIT,), changes),)
