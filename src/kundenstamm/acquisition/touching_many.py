"""One campaign noted for many customers at once: each is touched by it on the same day.

A customer's state is all that touched it, as channel, campaign and day, so that undoing can tell
whether somebody has noted more since.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kundenstamm.acquisition.models import Campaign, Touch
from kundenstamm.customers.deeds import Deed
from kundenstamm.customers.timeline import local_day
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right

AT_MOST = 1_000
State = list[list[Any]]


def told(campaign: Campaign, day: date) -> dict[str, Any]:
    """What an act keeps of it."""
    return {
        "channel": campaign.channel_id, "campaign": campaign.pk, "name": campaign.name,
        "day": day.isoformat(),
    }  # fmt: skip


def states(actor: User, customers: list[int], at: datetime) -> dict[int, State]:
    found: dict[int, State] = {pk: [] for pk in customers}
    rows = _known(actor, customers).order_by("day", "channel")
    for pk, *said, day in rows.values_list("customer", "channel", "campaign", "day"):
        found[pk].append([*said, day.isoformat()])
    return found


def touched(was: State, told: dict[str, Any]) -> State:
    """One more touch; a channel touches once a day.

    >>> told = {"channel": 1, "campaign": 7, "day": "2026-05-02"}
    >>> touched([[1, None, "2026-05-04"]], told)
    [[1, 7, '2026-05-02'], [1, None, '2026-05-04']]
    >>> touched([[1, None, "2026-05-02"]], told)
    [[1, None, '2026-05-02']]
    """
    channel, day = told["channel"], told["day"]
    if any((of, when) == (channel, day) for of, _campaign, when in was):
        return was
    return sorted([*was, [channel, told["campaign"], day]], key=lambda each: (each[2], each[0]))


def _touch(customers: list[int], told: dict[str, Any], actor: User, at: datetime) -> None:
    day = date.fromisoformat(told["day"])
    if day > local_day(at):
        raise ValidationError(_("The day lies in the future."))
    said = {"channel_id": told["channel"], "campaign_id": told["campaign"], "day": day,
            "recorded_by": actor, "recorded_at": at}  # fmt: skip
    Touch.objects.bulk_create(Touch(customer_id=pk, **said) for pk in customers)


def _back(before: dict[int, State], actor: User, at: datetime) -> None:
    """What was not there before goes."""
    gone = [
        each.pk
        for each in _known(actor, before)
        if [each.channel_id, each.campaign_id, each.day.isoformat()] not in before[each.customer_id]
    ]
    _known(actor, before).filter(pk__in=gone).delete()


def _known(actor: User, customers: Iterable[int]) -> Any:
    return Touch.objects.visible_to(actor).filter(customer__in=list(customers))


DEED = Deed(Right.RECORD, AT_MOST, states, touched, _touch, _back)
