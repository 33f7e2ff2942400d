"""What happens to the chain: a link begins and ends.

Whoever serves the upper end of a link may know of the lower one, so a link opens a customer as an
assignment does, and needs the same right.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kundenstamm.customers.actions import demand_all_known
from kundenstamm.customers.chain_queries import links_below, links_of
from kundenstamm.customers.circles import CONSTRAINT
from kundenstamm.customers.models import ChainLink, Customer
from kundenstamm.customers.queries import known_among
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand
from kundenstamm.worth.chain.links import circle_by


@transaction.atomic
def link(
    upstream: Customer, downstream: Customer, valid_from: date, *, actor: User, at: datetime
) -> ChainLink:
    """``upstream`` supplies ``downstream`` from a day on.

    Raises
    ------
    Forbidden
        The actor may not assign, or may not know of both.
    ValidationError
        They are linked already, or the chain would lead back to itself; the message names the way
        as far as the actor knows it.
    """
    demand(actor, Right.ASSIGN)
    if upstream.pk == downstream.pk:
        raise ValidationError(_("Nobody supplies himself. Choose another customer."))
    demand_all_known([upstream.pk, downstream.pk], actor)
    lasting = links_of(actor, downstream).filter(upstream=upstream)
    if lasting.exclude(valid_to__lt=valid_from).exists():
        raise ValidationError(
            _("%(upper)s supplies %(lower)s already.")
            % {"upper": upstream.name, "lower": downstream.name}
        )
    try:
        with transaction.atomic():
            return ChainLink.objects.create(
                upstream=upstream, downstream=downstream, valid_from=valid_from
            )
    except IntegrityError as error:
        raise _refusal(error, upstream, downstream, actor) from None


def end_link(held: ChainLink, valid_to: date, *, actor: User, at: datetime) -> None:
    """The last day on which it holds; one that would end before it begins is taken off.

    Raises
    ------
    Forbidden
        The actor may not assign, or may not know of both ends.
    ValidationError
        It ends earlier already.
    """
    demand(actor, Right.ASSIGN)
    demand_all_known([held.upstream_id, held.downstream_id], actor)
    if held.valid_to is not None and valid_to > held.valid_to:
        raise ValidationError({"valid_to": _("It ends earlier already.")})
    if held.valid_from is not None and valid_to < held.valid_from:
        held.delete()
        return
    held.valid_to = valid_to
    held.save(update_fields=["valid_to"])


def _refusal(
    error: IntegrityError, upstream: Customer, downstream: Customer, actor: User
) -> ValidationError:
    """Somebody was faster, or a circle: told by the names that the actor knows anyway."""
    broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
    if broken != CONSTRAINT:
        return ValidationError(_("Somebody has linked the two in this moment."))
    way = cast(list[int], circle_by(links_below(actor, downstream), upstream.pk, downstream.pk))
    if not way:
        return ValidationError(_("The chain would lead back to itself by a way you may not know."))
    names = known_among(actor, way).in_bulk()
    told = [upstream.name, *(names[pk].name for pk in way if pk in names)]
    return ValidationError(
        _("A chain cannot lead back to itself: %(way)s. End one of these links first.")
        % {"way": " → ".join(told)}
    )
