"""What happens to interactions: they are recorded, and withdrawn by who was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kundenstamm.care import rules
from kundenstamm.care.attaching import File, attach
from kundenstamm.care.mentioning import mention, spoken_to
from kundenstamm.care.models import Interaction
from kundenstamm.customers.actions import demand_known
from kundenstamm.customers.models import Contact, Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Forbidden, Right, demand, may

LONGEST_REASON = 300


@dataclass(frozen=True)
class Happening:
    """What is to be recorded. ``minutes`` None: nobody stopped them; ``reached``: see `rules`;
    ``files``: what is attached to it."""

    kind: str
    happened_at: datetime
    note: str = ""
    direction: str = ""
    reached: bool | None = None
    minutes: Decimal | None = None
    contact: Contact | None = None
    files: tuple[File, ...] = ()


@transaction.atomic
def record(customer: Customer, what: Happening, *, actor: User, at: datetime) -> Interaction:
    """Keep what happened with a customer.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It has not happened yet, says too little or too much for its kind, names somebody else's
        contact, speaks to a colleague who may not know of the customer, or a file is refused.
    """
    demand(actor, Right.RECORD)
    demand_known(customer.pk, actor)
    _check(customer, what, at)
    colleagues = spoken_to(what.note, customer.pk, actor=actor)
    made = Interaction(
        customer=customer, kind=what.kind, direction=what.direction, minutes=what.minutes,
        reached=rules.is_reached(what.kind, what.reached), happened_at=what.happened_at,
        day=timezone.localtime(what.happened_at).date(), contact=what.contact, author=actor,
        recorded_at=at,
    )  # fmt: skip
    made.put("note", what.note.strip())
    made.full_clean()
    made.save()
    mention(made, colleagues)
    if what.files:
        attach(made, what.files, actor=actor, at=at)
    return made


@transaction.atomic
def withdraw(interaction: Interaction, because: str, *, actor: User, at: datetime) -> None:
    """Take back what was wrong. It stays, with the reason, and counts no more.

    Raises
    ------
    Forbidden
        The actor may not withdraw it, or may not know of the customer.
    ValidationError
        It was withdrawn already, or there is no reason.
    """
    demand_known(interaction.customer_id, actor)
    if not may_withdraw(actor, interaction):
        raise Forbidden(_("Whoever recorded it withdraws it, or somebody who assigns customers."))
    # Locked and read anew: of two who withdraw it at once, the first one's reason stays.
    held = Interaction.objects.select_for_update().get(pk=interaction.pk)
    if held.withdrawn:
        raise ValidationError(_("It was withdrawn already."))
    said = " ".join(because.split())
    if not said:
        raise ValidationError({"because": _("Say why.")})
    held.withdrawn_at, held.withdrawn_by = at, actor
    held.withdrawn_because = said[:LONGEST_REASON]
    held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])


def may_withdraw(actor: User, interaction: Interaction) -> bool:
    """Who recorded it; what others did, or came with a file, who is responsible for customers."""
    own = interaction.author_id is not None and interaction.author_id == actor.pk
    return may(actor, Right.RECORD) and (own or may(actor, Right.ASSIGN))


def _check(customer: Customer, what: Happening, at: datetime) -> None:
    wrong: dict[str, str] = {}
    if what.happened_at > at:
        wrong["day"] = _("This has not happened yet. Enter a day and time that are over.")
    if rules.has_direction(what.kind) and not what.direction:
        wrong["direction"] = _("Say who called or wrote.")
    if not rules.has_direction(what.kind) and what.direction:
        wrong["direction"] = _("Only calls and mails have a direction.")
    if what.minutes is not None and not rules.takes_time(what.kind):
        wrong["minutes"] = _("What is only written down takes no minutes. Leave them empty.")
    if what.minutes is not None and not 0 <= what.minutes <= rules.MOST_MINUTES:
        wrong["minutes"] = _("Enter minutes from nil to 1440.")
    if what.contact is not None and what.contact.customer_id != customer.pk:
        wrong["contact"] = _("This contact is another customer's.")
    if what.contact is not None and what.contact.withdrawn:
        wrong["contact"] = _("This contact was removed. Put it back first.")
    wrong |= _wrong_note(what)
    if wrong:
        raise ValidationError(wrong)


def _wrong_note(what: Happening) -> dict[str, str]:
    if not what.note.strip() and not rules.takes_time(what.kind):
        return {"note": _("Write down what there is to know.")}
    if len(what.note.strip()) > rules.LONGEST_NOTE:
        return {"note": _("The note is too long. Shorten it.")}
    return {}
