"""What this room tells of a customer: who serves and who supplies it, from when until when."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kundenstamm.customers.chain_queries import links_of
from kundenstamm.customers.models import Assignment, ChainLink
from kundenstamm.customers.queries import serving_now_and_before
from kundenstamm.customers.timeline import Asked, Department, Event, Kind, Source, newest

SERVED = Kind("served", _("Who serves it"), Department.SALES)
CHAIN = Kind("chain", _("The chain"), Department.SALES)
# Of somebody who supplies thousands, the timeline tells the newest.
AT_MOST = 200


def assignments(asked: Asked) -> list[Event]:
    """That somebody began to serve it, and that somebody ceased to: there are few of a customer."""
    found = serving_now_and_before(asked.actor, asked.customer)
    return newest(asked, (event for each in found for event in _of(each)))


def _of(each: Assignment) -> Iterable[Event]:
    who = {"name": each.representative.name}
    yield Event("served", each.starts, gettext_noop("{name} begins to serve"), who, of=each)
    if each.ends is not None:
        yield Event("served", each.ends, gettext_noop("{name} served until this day"), who, of=each)


def links(asked: Asked) -> list[Event]:
    """That somebody began to supply it or to be supplied by it, and that it ended."""
    found = links_of(asked.actor, asked.customer)[:AT_MOST]
    return newest(asked, (event for each in found for event in _of_link(each, asked)))


def _of_link(each: ChainLink, asked: Asked) -> Iterable[Event]:
    supplied = each.downstream_id == asked.customer.pk
    who = {"name": each.upstream.name if supplied else each.downstream.name}
    if each.valid_from is not None:
        begins = (
            gettext_noop("Supplied by {name}") if supplied else gettext_noop("It supplies {name}")
        )
        yield Event("chain", each.valid_from, begins, who, of=each)
    if each.valid_to is not None:
        ended = (
            gettext_noop("{name} supplied it until this day")
            if supplied
            else gettext_noop("It supplied {name} until this day")
        )
        yield Event("chain", each.valid_to, ended, who, of=each)


SOURCES = (Source((SERVED,), assignments), Source((CHAIN,), links))
