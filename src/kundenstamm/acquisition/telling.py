"""What this room tells of a customer: what touched it, where it comes from, who sent it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kundenstamm.acquisition.models import Origin, Referral, Touch
from kundenstamm.customers.timeline import Asked, Department, Event, Kind, Source, local_day, newest

COMING = Kind("coming", _("How they came to us"), Department.SALES)


def touches(asked: Asked) -> list[Event]:
    """There are few of a customer: all of them are read."""
    known = Touch.objects.visible_to(asked.actor).filter(customer=asked.customer)
    says = gettext_noop("Reached by: {channel}")
    return newest(
        asked,
        (
            Event("coming", each.day, says, {"channel": str(each.channel)}, of=each)
            for each in known.select_related("channel")
        ),
    )


def origins(asked: Asked) -> list[Event]:
    known = Origin.objects.visible_to(asked.actor).filter(customer=asked.customer)
    says = gettext_noop("Came by: {channel}")
    return newest(
        asked,
        (
            Event("coming", local_day(each.recorded_at), says, {"channel": str(each.channel)},
                  each.recorded_at, each.recorded_by.name, of=each)
            for each in known.select_related("channel", "recorded_by")
        ),
    )  # fmt: skip


def given(asked: Asked) -> list[Event]:
    """Whom we sent it to; who sent it to us stands on the card: others may not know that one."""
    known = Referral.objects.visible_to(asked.actor).filter(customer=asked.customer)
    found = known.filter(direction="given").select_related("partner", "recorded_by")
    says = gettext_noop("Passed on to the partner {partner}")
    return newest(
        asked,
        (
            Event("coming", each.day, says, {"partner": str(each.partner)}, each.recorded_at,
                  each.recorded_by.name, of=each)
            for each in found
        ),
    )  # fmt: skip


SOURCES = (Source((COMING,), touches), Source((COMING,), origins), Source((COMING,), given))
