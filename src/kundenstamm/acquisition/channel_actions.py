"""What happens to channels: kept, given campaigns, paid for; taken over from customers' records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kundenstamm.acquisition.models import Campaign, Channel, Origin, Partner, Spending
from kundenstamm.acquisition.queries import unclaimed
from kundenstamm.customers.timeline import local_day
from kundenstamm.guard.models import User
from kundenstamm.guard.normalising import one_spelling
from kundenstamm.guard.rights import Right, demand
from kundenstamm.serving.models import Pool


@dataclass(frozen=True)
class Spent:
    """As typed: so much money, and so many hours of a pool, on a day."""

    day: date
    amount: Decimal = Decimal(0)
    hours: Decimal = Decimal(0)
    pool: Pool | None = None
    campaign: Campaign | None = None
    what: str = ""


def keep_channel(channel: Channel, name: str, *, actor: User, at: datetime) -> Channel:
    """A new channel of one's own, or another name; without one the usual is called by its kind.

    Raises
    ------
    Forbidden
        The actor may not keep channels.
    ValidationError
        The name is another's, or an own channel would have none.
    """
    demand(actor, Right.MARKETING)
    channel.name = one_spelling(name)
    channel.full_clean()
    channel.save()
    return channel


def standing(channel: Channel) -> Channel:
    """One of the usual ways, made with its first use."""
    if channel.pk is not None:
        return channel
    made, _new = Channel.objects.get_or_create(code=channel.code, defaults={"kind": channel.kind})
    return made


@transaction.atomic
def keep_campaign(campaign: Campaign, channel: Channel, *, actor: User, at: datetime) -> Campaign:
    """Raises as `keep_channel`; also where it ends before it begins."""
    demand(actor, Right.MARKETING)
    campaign.channel = standing(channel)
    campaign.name, campaign.audience = one_spelling(campaign.name), one_spelling(campaign.audience)
    campaign.full_clean()
    campaign.save()
    return campaign


@transaction.atomic
def spend(channel: Channel, spent: Spent, *, actor: User, at: datetime) -> Spending:
    """Note what was spent.

    Raises
    ------
    Forbidden
        The actor may not keep channels.
    ValidationError
        It is nothing, lies in the future, or its campaign is another channel's.
    """
    demand(actor, Right.MARKETING)
    if spent.day > local_day(at):
        raise ValidationError({"day": _("The day lies in the future.")})
    if spent.campaign is not None and spent.campaign.channel_id != channel.pk:
        raise ValidationError({"campaign": _("This campaign belongs to another channel.")})
    told = vars(spent) | {"what": one_spelling(spent.what)}
    made = Spending(channel=standing(channel), recorded_by=actor, recorded_at=at, **told)
    made.full_clean()
    made.save()
    return made


def remove_spending(spending: Spending, *, actor: User, at: datetime) -> None:
    """What was noted wrongly goes; the audit keeps what it was.

    Raises
    ------
    Forbidden
        The actor may not keep channels.
    ValidationError
        It came with a file: take the import back instead.
    """
    demand(actor, Right.MARKETING)
    if spending.source_id is not None:
        raise ValidationError(_("This came with a file. Take the import back, or import it anew."))
    spending.delete()


def keep_partner(partner: Partner, *, actor: User, at: datetime) -> Partner:
    """Raises as `keep_channel`."""
    demand(actor, Right.MARKETING)
    partner.name = one_spelling(partner.name)
    partner.full_clean()
    partner.save()
    return partner


@transaction.atomic
def take_over(name: str, channel: Channel, *, actor: User, at: datetime) -> int:
    """Customers whose records name a channel so come from it; how many had no origin yet.

    Only customers that the actor knows. Raises as `keep_channel`.
    """
    demand(actor, Right.MARKETING)
    of = standing(channel)
    found = unclaimed(actor).filter(channel=name)
    made = [
        Origin(customer_id=pk, channel=of, said="records", recorded_by=actor, recorded_at=at)
        for pk in found.values_list("pk", flat=True)
    ]
    return len(Origin.objects.bulk_create(made))
