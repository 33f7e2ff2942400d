"""What this room tells of a customer: which playbook was started, and how it ended."""

from __future__ import annotations

from datetime import datetime

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


def plays(asked: Asked) -> list[Event]:
    """That they were started, and how they ended; one statement reads both."""
    known = Play.objects.visible_to(asked.actor).filter(customer=asked.customer)
    before = known.filter(started_at__lt=asked.before)
    found = list(before.select_related("playbook", "started_by", "ended_by"))
    told = [*_started(found), *_ended(found, asked.before)]
    return sorted(told, key=lambda event: event.place, reverse=True)[: asked.limit]


def _started(found: list[Play]) -> list[Event]:
    says = gettext_noop("Playbook “{playbook}” started")
    return [
        Event("playbook", local_day(each.started_at), says, {"playbook": str(each.playbook)},
              each.started_at, each.started_by.name, of=each)
        for each in found
    ]  # fmt: skip


def _ended(found: list[Play], before: datetime) -> list[Event]:
    return [
        Event("playbook", local_day(each.ended_at), _ENDS[Play.End(each.end)],
              {"playbook": str(each.playbook)}, each.ended_at, each.ended_by.name, of=each)
        for each in found
        if each.ended_at and each.ended_at < before and each.ended_by
    ]  # fmt: skip


SOURCES = (Source((PLAYBOOK,), plays),)
