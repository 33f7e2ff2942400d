"""What this room tells of a customer: agreements made, renewed and ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kundenstamm.customers.timeline import (
    Asked,
    Department,
    Event,
    Kind,
    Source,
    local_day,
    newest,
)
from kundenstamm.terms.models import Agreement, State

AGREEMENT = Kind("agreement", _("Agreements"), Department.SALES)


def agreements(asked: Asked) -> list[Event]:
    """There are few of a customer: all of them are read."""
    known = Agreement.objects.visible_to(asked.actor).filter(customer=asked.customer)
    found = list(known.select_related("agreed_by").order_by("pk"))
    renewed = {each.renews_id for each in found}
    told = (event for each in found for event in _of(each, asked, renewed=each.pk in renewed))
    return newest(asked, told)


def _of(each: Agreement, asked: Asked, *, renewed: bool) -> Iterable[Event]:
    """One that was renewed has no end of its own."""
    yield _made(each)
    if renewed or each.valid_to is None or each.valid_to >= asked.today:
        return
    says = gettext_noop("{agreement}: ran out")
    if each.state == State.ENDED:
        says = gettext_noop("{agreement}: ended early")
    yield _event(each, each.valid_to, says)


def _made(each: Agreement) -> Event:
    says = gettext_noop("{agreement}: agreed, from {first} on")
    if each.renews_id is not None:
        says = gettext_noop("{agreement}: renewed, from {first} on")
    if each.source_id is not None:
        # It came with a file: when it was agreed, nobody knows.
        return _event(each, each.valid_from, says)
    return _event(each, local_day(each.agreed_at), says, each.agreed_at, each.agreed_by.name)


def _event(
    each: Agreement, day: date, says: str, at: datetime | None = None, by: str = ""
) -> Event:
    told = {"agreement": each.get_kind_display(), "first": each.valid_from}
    return Event("agreement", day, says, told, at, by, ("agreement", each.key), each)


SOURCES = (Source((AGREEMENT,), agreements),)
