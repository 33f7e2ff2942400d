"""What happens to the ledger: lines are posted, batches are taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kundenstamm.guard.models import User
from kundenstamm.ledger.models import Batch, Source
from kundenstamm.ledger.posting import goods, settling, staging, undoing, whole
from kundenstamm.ledger.posting.settling import Settled

if TYPE_CHECKING:
    import polars as pl


# One in so many, as PostgreSQL's own analysing in the background has it.
NOTABLE = 10


class UndoRefused(ValueError):  # noqa: N818
    """A batch cannot be taken back as things are; the message names what stands in the way."""


@dataclass(frozen=True)
class Document:
    """Where lines come from."""

    source: str
    file_name: str = ""
    checksum: str = ""


@dataclass(frozen=True)
class Posted:
    """What became of posted lines. ``customers`` are the ids of those made for it."""

    batch: Batch
    settled: Settled
    customers: Sequence[int]


@transaction.atomic
def post_lines(lines: pl.DataFrame, document: Document, *, actor: User, at: datetime) -> Posted:
    """Post sales lines as one batch: all or nothing.

    Parameters
    ----------
    lines
        Columns of `staging.COLUMNS`; ``document`` and ``line`` are filled and unique together.
        A line that stands already is left alone; one that stands otherwise is reversed and
        posted as it is now.
    """
    batch = open_batch(Batch.Kind.SALES, document, actor=actor, at=at)
    customers = _stage(lines, at)
    settled = staging.post_first(batch.source.pk, batch.pk)
    if settled is None:
        staging.stage_entries(batch.source.pk)
        settled = settling.settle(batch.pk)
    goods.post_for_batch(batch.pk)
    _close_stage()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ledger_entry")
    batch.result = asdict(settled) | {"customers_new": len(customers)}
    batch.save(update_fields=["result"])
    return Posted(batch, settled, customers)


def preview_lines(lines: pl.DataFrame, document: Document, *, at: datetime) -> tuple[Settled, int]:
    """What `post_lines` would do, and how many customers it would make; nothing is kept."""
    with transaction.atomic():
        source, _made = Source.objects.get_or_create(name=document.source)
        customers = _stage(lines, at)
        staging.stage_entries(source.pk)
        found = settling.compare()
        transaction.set_rollback(True)
    return found, len(customers)


@transaction.atomic
def open_batch(
    kind: Batch.Kind, document: Document, *, actor: User, at: datetime, undoes: Batch | None = None
) -> Batch:
    """A new batch; imports of one source take turns, so that none is loaded twice at once."""
    source, _made = Source.objects.get_or_create(name=document.source)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('kundenstamm source'), %s)", [source.pk]
        )
    return Batch.objects.create(
        kind=kind,
        source=source,
        file_name=document.file_name,
        checksum=document.checksum,
        actor=actor,
        made_at=at,
        undoes=undoes,
    )


@transaction.atomic
def undo_batch(batch: Batch, *, actor: User, at: datetime) -> tuple[Batch, Settled]:
    """Take back what a batch posted, by reversals in a batch of its own.

    The caller's transaction: what else the batch changed is put back beside it.

    Raises
    ------
    UndoRefused
        It was taken back before, is an undo itself, or a later batch changed the same lines.
    """
    check_undo(batch)
    document = Document(batch.source.name, batch.file_name, batch.checksum)
    undo = open_batch(Batch.Kind.UNDO, document, actor=actor, at=at, undoes=batch)
    settling.open_stage()
    undoing.stage_before(batch.pk)
    settled = settling.settle(undo.pk)
    # What stands again may have got a cost since.
    goods.post_for_batch(undo.pk)
    _close_stage()
    return undo, settled


def post_whole(batch: Batch, document: str, entries: pl.DataFrame) -> Settled:
    """Post what one document of the batch's source holds in all; within the caller's transaction.

    What stands in it already is left alone, what stands otherwise is reversed and posted anew,
    and what stands in it without being among ``entries`` is reversed.

    Parameters
    ----------
    entries
        ``line`` (unique), ``customer_id``, ``date``, ``kind``, ``amount`` (not nil).
    """
    settling.open_stage()
    whole.stage(batch.source_id, document, entries)
    settled = settling.settle(batch.pk)
    _close_stage()
    _measure(settled.new + settled.changed + settled.withdrawn)
    return settled


@transaction.atomic
def post_goods(batch: Batch, products: Sequence[int]) -> None:
    """Goods anew for all lines of these products, whose costs have changed."""
    settling.open_stage()
    goods.post_for_products(batch.pk, products)
    _close_stage()


def check_undo(batch: Batch) -> None:
    """Whether a batch can be taken back as things are.

    Raises
    ------
    UndoRefused
        It was taken back before, is an undo, an allocation, an accrual or a merge, or a later
        batch changed the same lines.
    """
    if batch.kind == Batch.Kind.UNDO:
        raise UndoRefused(str(_("An undo cannot be undone. Load the file again instead.")))
    if batch.kind == Batch.Kind.ALLOCATION:
        raise UndoRefused(str(_("An allocation is replaced: run it again for its month.")))
    if batch.kind == Batch.Kind.ACCRUAL:
        raise UndoRefused(str(_("An accrual is replaced: run it again for its month.")))
    if batch.kind == Batch.Kind.MERGE:
        raise UndoRefused(str(_("A merge is undone with the customers that it merged.")))
    if Batch.objects.filter(undoes=batch).exists():
        raise UndoRefused(str(_("This batch has been taken back already.")))
    later = undoing.later_batch(batch.pk)
    if later is not None:
        said = _("Batch %(later)s changed some of the same lines since. Take that back first.")
        raise UndoRefused(str(said) % {"later": later})


def _stage(lines: pl.DataFrame, at: datetime) -> list[int]:
    staging.copy_lines(lines)
    customers = staging.make_customers(at)
    staging.make_products()
    settling.open_stage()
    return customers


def _measure(posted: int) -> None:
    """The planner's figures of the ledger, if a notable part of it is new: a month is often not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'ledger_entry'::regclass")
        if posted * NOTABLE > cursor.fetchone()[0]:
            cursor.execute("ANALYZE ledger_entry")


def _close_stage() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS staged_line, staged_entry, compared_entry")
