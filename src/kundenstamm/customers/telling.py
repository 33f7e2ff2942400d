"""What this room tells of a customer: who serves it from when until when."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kundenstamm.customers.models import Assignment
from kundenstamm.customers.queries import serving_now_and_before
from kundenstamm.customers.timeline import Asked, Department, Event, Kind, Source, newest

SERVED = Kind("served", _("Who serves it"), Department.SALES)


def assignments(asked: Asked) -> list[Event]:
    """That somebody began to serve it, and that somebody ceased to: there are few of a customer."""
    found = serving_now_and_before(asked.actor, asked.customer)
    return newest(asked, (event for each in found for event in _of(each)))


def _of(each: Assignment) -> Iterable[Event]:
    who = {"name": each.representative.name}
    yield Event("served", each.starts, gettext_noop("{name} begins to serve"), who, of=each)
    if each.ends is not None:
        yield Event("served", each.ends, gettext_noop("{name} served until this day"), who, of=each)


SOURCES = (Source((SERVED,), assignments),)
