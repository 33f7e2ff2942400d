"""What this room tells of a customer: deliveries and noted work, and what was not paid in time."""

from __future__ import annotations

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.timeline import Asked, Department, Event, Kind, Source
from kundenstamm.guard.masks import HIDDEN, sees
from kundenstamm.ledger.models import EntryKind
from kundenstamm.serving.models import Activity, Payment

DELIVERED = Kind("delivery", _("Deliveries"), Department.DELIVERY)
NOTED = Kind("work", _("Other work"), Department.SERVICE)
PAYMENT = Kind("payment", _("Payments"), Department.ACCOUNTING)

_DELIVERED = Q(type__kind=EntryKind.DELIVERY)
# What follows from what was recorded is told there; orders stand with their documents.
_NOTED = ~_DELIVERED & Q(derived=False) & ~Q(type__kind=EntryKind.ORDER)


def work(asked: Asked) -> list[Event]:
    """Deliveries, derived or noted, and whatever else was noted with minutes."""
    which = Q(pk__in=[])
    if "delivery" in asked.kinds:
        which |= _DELIVERED
    if "work" in asked.kinds:
        which |= _NOTED
    known = Activity.objects.visible_to(asked.actor).filter(customer=asked.customer)
    found = known.filter(which, date__lte=asked.through).select_related("type")
    return [_of_work(each) for each in found.order_by("-date", "-pk")[: asked.limit]]


def _of_work(each: Activity) -> Event:
    delivered = each.type.kind == EntryKind.DELIVERY
    params = {"activity": each.type.name, "document": each.document}
    says = gettext_noop("{activity}, {document}")
    if not each.document or each.document.startswith("~"):
        says = gettext_noop("{activity}")
    kind = "delivery" if delivered else "work"
    return Event(kind, each.date, says, params, evidence=("activity", each.pk), of=each)


def payments(asked: Asked) -> list[Event]:
    """What was paid late, on the day it was paid; what is owed still, on the day it was due."""
    known = Payment.objects.visible_to(asked.actor).filter(customer=asked.customer)
    late = Q(paid__gt=F("due")) | Q(paid=None, due__lt=asked.today)
    found = known.filter(late).annotate(told_on=Coalesce("paid", "due"))
    rows = found.filter(told_on__lte=asked.through).order_by("-told_on", "-pk")[: asked.limit]
    plain = sees(asked.actor, "document.prices")
    return [_of_payment(each, plain=plain) for each in rows]


def _of_payment(each: Payment, *, plain: bool) -> Event:
    amount = each.amount if plain else HIDDEN
    params = {"document": _number(each.document), "amount": amount, "due": each.due}
    if each.paid is None:
        says = gettext_noop("{document}, {amount}: due {due}, open still")
        return Event("payment", each.due, says, params, of=each)
    says = gettext_noop("{document}, {amount}: due {due}, paid late")
    return Event("payment", each.paid, says, params, of=each)


def _number(document: str) -> str:
    """One without a number of its own has a made-up one."""
    return gettext("without number") if document.startswith("~") else document


SOURCES = (Source((DELIVERED, NOTED), work), Source((PAYMENT,), payments))
