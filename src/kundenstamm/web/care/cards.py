"""Interactions as pages show them: with what follows from each, and a way to withdraw it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from kundenstamm.care import complaint_queries
from kundenstamm.care.actions import may_withdraw
from kundenstamm.care.models import Interaction
from kundenstamm.customers.models import Customer
from kundenstamm.guard.keys import KeysRefused
from kundenstamm.guard.masks import HIDDEN, sees
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.serving.tracing import activities_from
from kundenstamm.web.care.attachments import AttachForm, Shown, shown
from kundenstamm.web.care.forms import WithdrawForm
from kundenstamm.web.shell.figures import exact


@dataclass(frozen=True)
class Row:
    """An interaction as a page shows it: with the activity that follows from it, if one does, the
    complaint that it was opened as, or may be, its files, and the forms to withdraw it and to
    attach more, for who may."""

    of: Interaction
    facts: str
    note: str
    because: str
    activity: int | None
    complaint: UUID | None
    may_open: bool
    withdraw: WithdrawForm | None
    files: list[Shown]
    attach: AttachForm | None


def rows(actor: User, customer: Customer, found: Sequence[Interaction]) -> list[Row]:
    plain = sees(actor, "interaction.note")
    activities = activities_from(actor, customer, found)
    opened = complaint_queries.opened_from(actor, customer, found)
    files = shown(actor, found)
    return [
        Row(
            each,
            _facts(each),
            _note(each, plain=plain),
            each.withdrawn_because if plain else "",
            activities.get(each.pk),
            opened.get(each.pk),
            each.pk not in opened and _may_open(actor, each),
            _withdraw(actor, each),
            files.get(each.pk, []),
            attach_form(actor, each),
        )
        for each in found
    ]


def _facts(each: Interaction) -> str:
    """``7 min · with Frau Ahorn · Anna``; who recorded it, or where it comes from."""
    told = []
    if each.minutes is not None:
        told.append(_("%(minutes)s min") % {"minutes": exact(each.minutes)})
    if each.contact is not None and each.contact.name:
        told.append(_("with %(name)s") % {"name": each.contact.name})
    if by := each.author or each.source:
        told.append(by.name)
    return " · ".join(told)


def _note(each: Interaction, *, plain: bool) -> str:
    if not each.note:
        return ""
    if not plain:
        return HIDDEN
    try:
        return each.open("note")
    except KeysRefused:
        return _("cannot be opened: its key is missing")


def _may_open(actor: User, each: Interaction) -> bool:
    """One that came with a file, or from before there were complaints to open."""
    is_one = each.kind == Interaction.Kind.COMPLAINT and not each.withdrawn
    return is_one and may(actor, Right.RECORD)


def attach_form(actor: User, each: Interaction) -> AttachForm | None:
    if each.withdrawn or not may(actor, Right.RECORD):
        return None
    return AttachForm(auto_id=f"attach{each.pk}_%s")


def _withdraw(actor: User, each: Interaction) -> WithdrawForm | None:
    if each.withdrawn or not may_withdraw(actor, each):
        return None
    return WithdrawForm(auto_id=f"withdraw{each.pk}_%s")
