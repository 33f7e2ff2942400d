"""What this room tells of a customer: the stages that it came to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kundenstamm.customers.timeline import Asked, Department, Event, Kind, Source
from kundenstamm.lifecycle.models import StageChange

STAGE = Kind("stage", _("Stages"), Department.MANAGEMENT)


def stages(asked: Asked) -> list[Event]:
    """Each change, on the day from which the stage holds."""
    known = StageChange.objects.visible_to(asked.actor).filter(customer=asked.customer)
    found = known.filter(since__lte=asked.through).order_by("-since", "-pk")[: asked.limit]
    says = gettext_noop("Stage: {stage}")
    return [
        Event("stage", each.since, says, {"stage": each.get_stage_display()}, of=each)
        for each in found
    ]


SOURCES = (Source((STAGE,), stages),)
