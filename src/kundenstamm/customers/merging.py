"""What of this room moves when two customers become one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.models import Assignment, Customer
from kundenstamm.customers.moving import Moving, Rows, register, stays
from kundenstamm.guard.people_actions import Refused

ADDRESS = ("country", "postcode", "city", "street")
SINGLY = ("link", "trade", "region", "channel", "vat_id")


class Assignments(Rows):
    """Where one person serves both from the same day on, it is until the later end of the two."""

    def move(self, of: Moving) -> int:
        moved = super().move(of)
        for left in Assignment.objects.filter(customer=of.drop):
            held = Assignment.objects.get(
                customer=of.keep, representative=left.representative_id, starts=left.starts
            )
            if held.ends is not None and (left.ends is None or left.ends > held.ends):
                self.change(of, held, ends=left.ends)
        return moved

    def back(self, of: Moving) -> None:
        self.unchange(of)
        super().back(of)


class Links(Rows):
    """Who supplies whom. No circle: where one stands above the other, people must say which."""

    def move(self, of: Moving) -> int:
        try:
            with transaction.atomic():
                return super().move(of)
        except IntegrityError as circle:
            raise Refused(
                _("In the chain one of them stands above the other. End that link before merging.")
            ) from circle


class Master(Rows):
    """The customers themselves: who was merged into the dropped one, and gaps of the kept one."""

    def move(self, of: Moving) -> int:
        moved = super().move(of)
        kept, dropped = (Customer.objects.get(pk=pk) for pk in (of.keep, of.drop))
        self.change(of, dropped, merged_into_id=kept.pk, withdrawn=True)
        self.change(of, kept, **gaps(kept, dropped))
        return moved

    def back(self, of: Moving) -> None:
        """Gaps that somebody has filled otherwise since stay as they are now."""
        self.unchange(of)
        super().back(of)


def gaps(kept: Customer, dropped: Customer) -> dict[str, Any]:
    """What the kept customer lacks and the dropped one says; an address is taken whole."""
    found: dict[str, Any] = {
        name: getattr(dropped, name)
        for name in SINGLY
        if not getattr(kept, name) and getattr(dropped, name)
    }
    if not any(getattr(kept, name) for name in ADDRESS):
        found |= {name: getattr(dropped, name) for name in ADDRESS}
    since = [day for day in (kept.since, dropped.since) if day is not None]
    earliest: date | None = min(since, default=None)
    if earliest != kept.since:
        found["since"] = earliest
    return found


def register_all() -> None:
    register(
        Rows("customers.Contact", _("Contacts"), fit=lambda _of: {"is_main": False}),
        Assignments("customers.Assignment", _("Assignments")),
        Rows("customers.Grant", _("Grants")),
        Rows("customers.Star", _("Stars")),
        Links("customers.ChainLink", _("Links of the chain"), field="upstream"),
        Links("customers.ChainLink", _("Links of the chain"), field="downstream"),
        Master("customers.Customer", _("Customers merged before"), field="merged_into"),
    )
    stays("customers.BulkChange", "what was done to the dropped one is undone there")
    for field in ("first", "second"):
        stays("customers.Duplicate", "pairs are looked for anew", field)
    for field in ("kept", "dropped"):
        stays("customers.Merge", "the record of what was merged", field)
        stays("customers.MergeProposal", "the record of what was proposed of the two", field)
