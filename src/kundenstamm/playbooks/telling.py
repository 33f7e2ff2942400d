"""What this room tells of a customer: which playbook was started, and how it ended."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kundenstamm.customers.timeline import Asked, Department, Event, Kind, Source, local_day
from kundenstamm.playbooks.models import Play

PLAYBOOK = Kind("playbook", _("Playbooks"), Department.SALES)
_ENDS = {
    Play.End.FINISHED: gettext_noop("Playbook “{playbook}”: all steps done"),
    Play.End.LEFT: gettext_noop("Playbook “{playbook}” ended: the customer left the stage"),
    Play.End.STOPPED: gettext_noop("Playbook “{playbook}” stopped"),
}


def started(asked: Asked) -> list[Event]:
    known = Play.objects.visible_to(asked.actor).filter(customer=asked.customer)
    found = known.filter(started_at__lt=asked.before).select_related("playbook", "started_by")
    says = gettext_noop("Playbook “{playbook}” started")
    return [
        Event("playbook", local_day(each.started_at), says, {"playbook": str(each.playbook)},
              each.started_at, each.started_by.name, of=each)
        for each in found.order_by("-started_at", "-pk")[: asked.limit]
    ]  # fmt: skip


def ended(asked: Asked) -> list[Event]:
    known = Play.objects.visible_to(asked.actor).filter(customer=asked.customer)
    found = known.filter(ended_at__lt=asked.before).select_related("playbook", "ended_by")
    return [
        Event("playbook", local_day(each.ended_at), _ENDS[Play.End(each.end)],
              {"playbook": str(each.playbook)}, each.ended_at, each.ended_by.name, of=each)
        for each in found.order_by("-ended_at", "-pk")[: asked.limit]
        if each.ended_at and each.ended_by
    ]  # fmt: skip


SOURCES = (Source((PLAYBOOK,), started), Source((PLAYBOOK,), ended))
