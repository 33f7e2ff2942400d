"""What happens to how a customer came: it says where from, is touched, is sent, and we thank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kundenstamm.acquisition.channel_actions import standing
from kundenstamm.acquisition.models import Campaign, Channel, Origin, Partner, Referral, Touch
from kundenstamm.acquisition.queries import coming, not_to_pass_on
from kundenstamm.customers.actions import demand_known
from kundenstamm.customers.models import Customer
from kundenstamm.customers.timeline import local_day
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand

Direction = Referral.Direction


@dataclass(frozen=True)
class Sender:
    """Who sent a customer: one of the three."""

    partner: Partner | None = None
    sender: Customer | None = None
    colleague: User | None = None

    @property
    def number(self) -> int:
        return sum(each is not None for each in vars(self).values())


NOBODY = Sender()


@transaction.atomic
def tell_origin(
    customer: Customer, channel: Channel, said: Origin.Said, *, actor: User, at: datetime,
    day: date, campaign: Campaign | None = None, by: Sender = NOBODY,
) -> Origin:  # fmt: skip
    """Where the customer comes from, once; and who sent it, if somebody did, and when.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer or of the one who sent it.
    ValidationError
        It is known already, several sent it, it would have sent itself, or the campaign is
        another channel's.
    """
    demand(actor, Right.RECORD)
    demand_known(customer.pk, actor)
    if campaign is not None and campaign.channel_id != channel.pk:
        raise ValidationError({"campaign": _("This campaign belongs to another channel.")})
    told = {"said": said, "campaign": campaign, "recorded_by": actor, "recorded_at": at}
    try:
        with transaction.atomic():
            made = Origin.objects.create(customer=customer, channel=standing(channel), **told)
    except IntegrityError:
        raise ValidationError(_("Where this customer comes from is known already.")) from None
    if by.number:
        _sent(customer, by, day, actor=actor, at=at)
    return made


def _sent(customer: Customer, by: Sender, day: date, *, actor: User, at: datetime) -> Referral:
    if by.number > 1:
        raise ValidationError(_("One sent this customer: a partner, a customer or a colleague."))
    if day > local_day(at):
        raise ValidationError({"day": _("The day lies in the future.")})
    if by.sender is not None:
        demand_known(by.sender.pk, actor)
        if by.sender.pk == customer.pk:
            raise ValidationError({"sender": _("Nobody sends themselves. Choose another.")})
    return Referral.objects.create(
        customer=customer, direction=Direction.RECEIVED, day=day, recorded_by=actor,
        recorded_at=at, **vars(by),
    )  # fmt: skip


@transaction.atomic
def ask_again(customer: Customer, *, actor: User, at: datetime) -> None:
    """Where it comes from was told wrongly: the answer goes, and who sent it, unless thanked.

    Raises
    ------
    Forbidden
        The actor may not keep channels, or may not know of the customer.
    ValidationError
        Who sent it was thanked already.
    """
    demand(actor, Right.MARKETING)
    demand_known(customer.pk, actor)
    found = coming(actor, customer)
    if found.received is not None and found.received.thanked_on is not None:
        raise ValidationError(_("Who sent this customer was thanked already. It stays."))
    for each in (found.received, found.origin):
        if each is not None:
            each.delete()


@transaction.atomic
def touch(
    customer: Customer, channel: Channel, day: date, *, actor: User, at: datetime,
    campaign: Campaign | None = None,
) -> Touch:  # fmt: skip
    """A channel reached the customer on a day.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        It lies in the future, is noted already, or the campaign is another channel's.
    """
    demand(actor, Right.RECORD)
    demand_known(customer.pk, actor)
    if day > local_day(at):
        raise ValidationError({"day": _("The day lies in the future.")})
    if campaign is not None and campaign.channel_id != channel.pk:
        raise ValidationError({"campaign": _("This campaign belongs to another channel.")})
    made = Touch(
        customer=customer, channel=standing(channel), campaign=campaign, day=day,
        recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    made.full_clean()
    made.save()
    return made


def remove_touch(found: Touch, *, actor: User, at: datetime) -> None:
    """One that was noted wrongly goes; the audit keeps it. Raises Forbidden as `touch`."""
    demand(actor, Right.RECORD)
    demand_known(found.customer_id, actor)
    found.delete()


@transaction.atomic
def pass_on(
    customer: Customer, partner: Partner, consent_on: date, *, actor: User, at: datetime,
    worth: Decimal | None = None,
) -> Referral:  # fmt: skip
    """Note that we sent a customer to a partner, who may now know name, trade and place.

    Raises
    ------
    Forbidden
        The actor may not keep partners, or may not know of the customer.
    ValidationError
        The customer is confidential or wants to hear of nobody, has not agreed yet, or was sent
        there before.
    """
    demand(actor, Right.MARKETING)
    demand_known(customer.pk, actor)
    if (why := not_to_pass_on(actor, customer)) is not None:
        raise ValidationError({"customer": why})
    if consent_on > local_day(at):
        raise ValidationError({"consent_on": _("The day lies in the future.")})
    try:
        with transaction.atomic():
            return Referral.objects.create(
                customer=customer, partner=partner, direction=Direction.GIVEN, day=local_day(at),
                consent_on=consent_on, worth=worth, recorded_by=actor, recorded_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise ValidationError(_("This customer was sent to this partner before.")) from None


def thank(referral: Referral, cost: Decimal, *, actor: User, at: datetime) -> Referral:
    """Who sent us a customer was thanked today, and so much it cost.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        Thanks were said already, or there is nobody to be thanked.
    """
    demand(actor, Right.RECORD)
    demand_known(referral.customer_id, actor)
    if referral.direction != Direction.RECEIVED:
        raise ValidationError(_("We sent this customer: there is nobody to thank."))
    if referral.thanked_on is not None:
        raise ValidationError(_("Thanks were said already."))
    if cost < 0:
        raise ValidationError({"thanks_cost": _("The cost is negative. Enter nil or more.")})
    referral.thanked_on, referral.thanked_by, referral.thanks_cost = local_day(at), actor, cost
    referral.save(update_fields=["thanked_on", "thanked_by", "thanks_cost"])
    return referral
