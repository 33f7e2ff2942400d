"""What this room tells of a customer: that somebody said how it really stands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kundenstamm.customers.timeline import Asked, Department, Event, Kind, Source, local_day
from kundenstamm.relations.models import Correction

RELATION = Kind("relation", _("Who holds whom"), Department.MANAGEMENT)
SAYS = {
    Correction.Says.HOLDS: gettext_noop("{who} holds the customer, somebody says"),
    Correction.Says.KNOWS: gettext_noop("{who} knows the customer well, somebody says"),
    Correction.Says.LEFT: gettext_noop("{who} has no contact any more, somebody says"),
}


def corrections(asked: Asked) -> list[Event]:
    """Those that stand."""
    known = Correction.objects.visible_to(asked.actor).standing().filter(customer=asked.customer)
    found = known.filter(at__lt=asked.before).select_related("colleague", "by")
    return [
        Event(
            "relation", local_day(each.at), SAYS[Correction.Says(each.says)],
            {"who": each.colleague.name}, each.at, each.by.name, ("relations", asked.customer.key),
            each,
        )
        for each in found.order_by("-at", "-pk")[: asked.limit]
    ]  # fmt: skip


SOURCES = (Source((RELATION,), corrections),)
