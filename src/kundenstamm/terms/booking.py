"""What agreements do to the ledger and what it tells of them: accruals, causes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.exceptions import AlreadyEnqueued

from kundenstamm.company.queries import profile
from kundenstamm.customers.actions import demand_known
from kundenstamm.customers.timeline import local_day
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand
from kundenstamm.kit.money import to_cents
from kundenstamm.kit.months import Month
from kundenstamm.ledger.actions import Document, open_batch, post_whole
from kundenstamm.ledger.models import Batch, Entry
from kundenstamm.ledger.posting.settling import Settled
from kundenstamm.terms import accruing
from kundenstamm.terms.models import Agreement, AgreementEntry
from kundenstamm.terms.recognising import ACCRUED, recognise
from kundenstamm.terms.years import Year


class AccrualRefused(ValueError):  # noqa: N818
    """A month cannot be accrued as things are; the message names the mend."""


@transaction.atomic
def accrue(month: Month, *, actor: User, at: datetime) -> Batch:
    """Post what bonuses cost by the end of a month; months of the year accrued later follow.

    Run it again after corrections: the ledger then holds what the sales of today say.

    Raises
    ------
    AccrualRefused
        The month has not begun.
    """
    demand(actor, Right.COMPANY)
    if month.first > local_day(at):
        said = _("%(month)s has not begun yet. Take this month or an earlier one.")
        raise AccrualRefused(said % {"month": month})
    batch = open_batch(Batch.Kind.ACCRUAL, Document(ACCRUED), actor=actor, at=at)
    year = Year.of(month.first, profile().fiscal_year_start)
    later = [each for each in accruing.accrued_months(year) if each.first > month.first]
    settled = [_post(batch, year, each) for each in (month, *later)]
    recognise(at=at)
    _settle(batch, year)
    recognise(at=at)
    batch.result = asdict(_sum(settled)) | {"owed": str(_owed(month, year))}
    batch.save(update_fields=["result"])
    return batch


@transaction.atomic
def recognise_all(*, actor: User, at: datetime) -> int:
    """Find what each agreement caused, and settle accruals whose note has come; links made."""
    linked = recognise(at=at)
    starts_in = profile().fiscal_year_start
    this = Year.of(local_day(at), starts_in)
    years = [year for year in (this.before, this) if accruing.accrued_months(year)]
    if years:
        batch = open_batch(Batch.Kind.ACCRUAL, Document(ACCRUED), actor=actor, at=at)
        for year in years:
            _settle(batch, year)
        linked += recognise(at=at)
    return linked


def ask_to_recognise(*, actor: User, at: datetime) -> None:
    """Let the background worker look for causes; asked twice, it does so once."""
    from kundenstamm.terms.jobs import recognise as job

    # Its own savepoint: the refusal of a second one breaks the transaction around it.
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(actor=actor.pk, at=at.isoformat())


@transaction.atomic
def link_by_hand(
    agreement: Agreement, entry: Entry, *, actor: User, at: datetime
) -> AgreementEntry:
    """Say that an agreement caused an entry.

    Raises
    ------
    Forbidden
        The actor may not make agreements, or may not know of the customer.
    ValidationError
        The entry is another customer's, or no reduction, or does not stand any more.
    """
    demand(actor, Right.TERMS)
    demand_known(agreement.customer_id, actor)
    if entry.customer_id != agreement.customer_id:
        raise ValidationError(_("This entry is another customer's."))
    gives = 30 <= entry.kind < 40 or (entry.kind == 10 and entry.amount == 0)
    if not gives or entry.reverses_id or entry.reversals.exists():
        raise ValidationError(_("This entry gives nothing away, or was taken back."))
    told = {
        "agreement": agreement, "customer_id": entry.customer_id, "linked_by": actor,
        "linked_at": at,
    }  # fmt: skip
    return AgreementEntry.objects.update_or_create(entry=entry, defaults=told)[0]


def _post(batch: Batch, year: Year, month: Month) -> Settled:
    return post_whole(batch, str(month), accruing.as_entries(accruing.month_accrued(year, month)))


def _settle(batch: Batch, year: Year) -> None:
    rows = accruing.settled(year, profile().fiscal_year_start)
    post_whole(batch, f"{year.first:%Y-%m} settled", accruing.as_entries(rows))


def _sum(settled: list[Settled]) -> Settled:
    return Settled(*(sum(counts) for counts in zip(*(vars(s).values() for s in settled))))  # noqa: B905


def _owed(month: Month, year: Year) -> Decimal:
    """All that is accrued in the year by the end of the month."""
    found = accruing.accrued(year.first, month.last, "____-__")
    return to_cents(-sum(found.values(), Decimal(0)))
