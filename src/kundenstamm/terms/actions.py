"""What happens to agreements: they are made, renewed and ended."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kundenstamm.customers.actions import demand_known
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand
from kundenstamm.terms.conditions import Conditions
from kundenstamm.terms.models import Agreement, AgreementTier, Kind, State

A_DAY = timedelta(days=1)


def agree(
    customer: Customer,
    conditions: Conditions,
    *,
    reason: str = "",
    renews: Agreement | None = None,
    actor: User,
    at: datetime,
) -> Agreement:
    """Make an agreement with a customer; one that it renews ends the day before at the latest.

    Raises
    ------
    Forbidden
        The actor may not make agreements, or may not know of the customer.
    ValidationError
        The conditions do not fit their kind, or another customer's agreement would be renewed.
    """
    demand(actor, Right.TERMS)
    demand_known(customer.pk, actor)
    return put_down(customer, conditions, reason=reason, renews=renews, actor=actor, at=at)


@transaction.atomic
def put_down(
    customer: Customer,
    conditions: Conditions,
    *,
    reason: str = "",
    renews: Agreement | None = None,
    actor: User,
    at: datetime,
) -> Agreement:
    """As `agree`, for an action that has made sure in its own way that the actor may.

    Raises
    ------
    ValidationError
        As `agree`.
    """
    made = _unsaved(customer, conditions)
    made.reason, made.renews, made.agreed_by, made.agreed_at = reason, renews, actor, at
    _check_renewal(made)
    tiers = _tiers(made, conditions)
    made.full_clean()
    made.save()
    for tier in tiers:
        tier.agreement = made
        tier.full_clean()
    AgreementTier.objects.bulk_create(tiers)
    if renews is not None:
        _end_before(renews, made.valid_from)
    return made


@transaction.atomic
def end_agreement(agreement: Agreement, last_day: date, *, actor: User, at: datetime) -> None:
    """The last day on which an agreement holds.

    Raises
    ------
    Forbidden
        The actor may not make agreements, or may not know of the customer.
    ValidationError
        It ends earlier already, or has not begun by that day.
    """
    demand(actor, Right.TERMS)
    demand_known(agreement.customer_id, actor)
    if agreement.valid_to is not None and last_day > agreement.valid_to:
        raise ValidationError({"last_day": _("It ends earlier already.")})
    if last_day < agreement.valid_from:
        raise ValidationError({"last_day": _("It has not begun by that day.")})
    _end(agreement, last_day)


def _unsaved(customer: Customer, conditions: Conditions) -> Agreement:
    told = {name: value for name, value in vars(conditions).items() if name != "tiers"}
    return Agreement(customer=customer, **told)


def _check_renewal(made: Agreement) -> None:
    before = made.renews
    if before is None:
        return
    if before.customer_id != made.customer_id or before.kind != made.kind:
        raise ValidationError(_("Only an agreement of this kind with this customer is renewed."))
    if made.valid_from <= before.valid_from:
        raise ValidationError({"valid_from": _("It begins after the one it renews.")})


def _tiers(made: Agreement, conditions: Conditions) -> list[AgreementTier]:
    """The tiers to be saved with an agreement.

    Raises
    ------
    ValidationError
        The kind has none, needs some, or has a rate already.
    """
    if conditions.tiers and made.kind not in (Kind.TIERED, Kind.BONUS):
        raise ValidationError(_("This kind has no tiers."))
    if made.kind in (Kind.TIERED, Kind.BONUS) and (made.rate is None) != bool(conditions.tiers):
        raise ValidationError(_("Enter tiers, or for a bonus one rate: one of both."))
    return [
        AgreementTier(customer_id=made.customer_id, from_amount=amount, rate=rate)
        for amount, rate in conditions.tiers
    ]


def _end_before(agreement: Agreement, day: date) -> None:
    if agreement.valid_to is None or agreement.valid_to >= day:
        _end(agreement, day - A_DAY)


def _end(agreement: Agreement, last_day: date) -> None:
    agreement.valid_to, agreement.state = last_day, State.ENDED
    agreement.save(update_fields=["valid_to", "state"])
