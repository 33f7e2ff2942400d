"""What happens with a file: it is prepared, loaded, taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kundenstamm.company.queries import profile
from kundenstamm.customers.timeline import local_day
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand
from kundenstamm.importers.examining import Examined, Wish, examine, look
from kundenstamm.importers.files import Raw, keys_needed, room_needed
from kundenstamm.importers.identity import identified
from kundenstamm.importers.mapping import Mapping, MappingError, guess
from kundenstamm.importers.masters import activities as activity_master
from kundenstamm.importers.masters import customers as customer_master
from kundenstamm.importers.masters import interactions as interaction_master
from kundenstamm.importers.masters import payments as payment_master
from kundenstamm.importers.masters import products as product_master
from kundenstamm.importers.masters import restoring
from kundenstamm.importers.masters import sell_through as sell_through_master
from kundenstamm.importers.masters import spending as spending_master
from kundenstamm.importers.masters import touches as touch_master
from kundenstamm.importers.models import SourceMapping
from kundenstamm.importers.spreadsheet import write_refused
from kundenstamm.kit.home import private_folder
from kundenstamm.kit.money import to_cents
from kundenstamm.ledger import actions as ledger
from kundenstamm.ledger.actions import Document, UndoRefused
from kundenstamm.ledger.models import Batch, Source
from kundenstamm.lifecycle.actions import value_all
from kundenstamm.lifecycle.queries.runs import day_to_value
from kundenstamm.serving.deriving import note_documents
from kundenstamm.terms.booking import recognise_all
from kundenstamm.worth.levels import statement

DEFAULT_SOURCE = "Import"

Progress = Callable[[str], None]


def _silent(step: str) -> None:
    """Nobody waits for news of the progress."""


@dataclass(frozen=True)
class Loaded:
    """What became of a file."""

    batch: Batch
    examined: Examined
    new: int
    changed: int
    unchanged: int
    customers_new: int
    refused_file: Path | None


def prepare(wish: Wish, source: str = DEFAULT_SOURCE) -> tuple[Raw, Mapping]:
    """The file and its likeliest mapping: as said, else as this source was read last, else guessed.

    Raises
    ------
    FileRefused, MappingError
        The file cannot be read; the wish names what does not exist.
    """
    raw, mapping = look(wish)
    remembered = SourceMapping.objects.filter(source__name=source, kind=mapping.kind).first()
    if remembered is None:
        return raw, mapping
    known = {name: column for name, column in remembered.mapping.items() if column in raw.columns}
    try:
        return raw, guess(raw, mapping.kind, known | dict(wish.columns))
    except MappingError:
        return raw, mapping


def preview(raw: Raw, mapping: Mapping, source: str, *, at: datetime) -> dict[str, Any]:
    """What `load` would do: numbers of rows new, changed, unchanged, refused; exact totals."""
    examined = examine(raw, mapping, today=local_day(at), currency=profile().currency)
    told = {"refused": examined.checked.refused.height, "totals": totals(examined)}
    if mapping.kind != "sales":
        return told | {"examined": examined}
    lines = identified(examined.checked.accepted)
    settled, customers_new = ledger.preview_lines(lines, Document(source), at=at)
    return told | {
        "examined": examined,
        "new": settled.new,
        "changed": settled.changed,
        "unchanged": settled.unchanged,
        "customers_new": customers_new,
    }


def load(
    wish: Wish,
    source: str = DEFAULT_SOURCE,
    *,
    actor: User,
    at: datetime,
    file_name: str = "",
    progress: Progress = _silent,
) -> Loaded:
    """Load a file: its good rows as one batch, its refused rows kept in a file beside it.

    Raises
    ------
    FileRefused, MappingError
        Nothing could be loaded, and nothing was.
    """
    demand(actor, Right.IMPORT)
    progress("reading")
    raw, mapping = prepare(wish, source)
    progress("checking")
    examined = examine(raw, mapping, today=local_day(at), currency=profile().currency)
    document = Document(source, file_name or wish.path.name, _checksum(wish.path))
    progress("loading")
    with room_needed(wish.path), keys_needed(wish.path), transaction.atomic():
        loaded = _LOADERS[mapping.kind](examined, document, actor, at)
        _remember(loaded.batch.source, examined)
        _keep_result(loaded)
    progress("valuing")
    value_after(actor=actor, at=at)
    return loaded


def check_undo(batch: Batch) -> None:
    """Whether a batch can be taken back as things are.

    Raises
    ------
    UndoRefused
        See `kundenstamm.ledger.actions.check_undo`; or a later batch changed the same customers
        or products.
    """
    ledger.check_undo(batch)
    later = restoring.later_batch(batch.pk)
    if later is not None:
        said = _("Batch %(later)s changed some of the same rows since. Take that back first.")
        raise UndoRefused(said % {"later": later})


def undo(batch: Batch, *, actor: User, at: datetime) -> Batch:
    """Take a batch back whole. Raises `UndoRefused` as `check_undo` does."""
    demand(actor, Right.IMPORT)
    check_undo(batch)
    with transaction.atomic():
        made, _settled = ledger.undo_batch(batch, actor=actor, at=at)
        products = restoring.products_with_changed_costs(batch.pk)
        restoring.restore(batch.pk)
        ledger.post_goods(made, products)
        note_documents(made, at=at)
    value_after(actor=actor, at=at)
    return made


def totals(examined: Examined) -> dict[str, str]:
    """Exact sums as strings with two decimals: of the file, of its good and its refused rows."""
    checked = examined.checked
    if examined.kind != "sales":
        return {}
    whole = to_cents(
        checked.accepted_amount + _discounts(checked.accepted) + checked.refused_amount
    )
    refused = to_cents(checked.refused_amount)
    levels = _levels(examined)
    return {"amount": str(whole), "accepted": str(whole - refused), "refused": str(refused)} | {
        name: str(to_cents(levels[name])) for name in ("gross_sales", "returns", "net_revenue")
    }


def value_after(*, actor: User, at: datetime) -> date:
    """Find what agreements caused, then value the base: as of today, or as of its newest line
    where the ledger tells of the past."""
    recognise_all(actor=actor, at=at)
    as_of = day_to_value(local_day(at)) or local_day(at)
    value_all(as_of=as_of, actor=actor, at=at)
    return as_of


def value_anew(actor: User, at: datetime) -> None:
    """The same, for whoever changes the base otherwise than by a file."""
    value_after(actor=actor, at=at)


def _load_sales(examined: Examined, document: Document, actor: User, at: datetime) -> Loaded:
    lines = identified(examined.checked.accepted)
    posted = ledger.post_lines(lines, document, actor=actor, at=at)
    note_documents(posted.batch, at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO importers_rowchange (batch_id, "table", row, before) '
            "SELECT %s, 'customers_customer', unnest(%s::bigint[]), NULL",
            [posted.batch.pk, list(posted.customers)],
        )
    settled = posted.settled
    return _loaded(
        posted.batch, examined, settled.new, settled.changed, settled.unchanged,
        len(posted.customers),
    )  # fmt: skip


def _load_customers(examined: Examined, document: Document, actor: User, at: datetime) -> Loaded:
    batch = ledger.open_batch(Batch.Kind.CUSTOMERS, document, actor=actor, at=at)
    merged = customer_master.merge(examined.checked.accepted, batch.pk, at)
    return _loaded(batch, examined, merged.new, merged.changed, merged.unchanged, merged.new)


def _load_products(examined: Examined, document: Document, actor: User, at: datetime) -> Loaded:
    batch = ledger.open_batch(Batch.Kind.PRODUCTS, document, actor=actor, at=at)
    merged, products = product_master.merge(examined.checked.accepted, batch.pk)
    ledger.post_goods(batch, products)
    return _loaded(batch, examined, merged.new, merged.changed, merged.unchanged, 0)


def _load_activities(examined: Examined, document: Document, actor: User, at: datetime) -> Loaded:
    """They lie ready for the next allocation of their months."""
    batch = ledger.open_batch(Batch.Kind.ACTIVITIES, document, actor=actor, at=at)
    merged = activity_master.merge(examined.checked.accepted, batch.pk, batch.source_id)
    return _loaded(batch, examined, merged.new, merged.changed, merged.unchanged, 0)


def _load_payments(examined: Examined, document: Document, actor: User, at: datetime) -> Loaded:
    """What was late in them, the next allocations of its months charge."""
    batch = ledger.open_batch(Batch.Kind.PAYMENTS, document, actor=actor, at=at)
    merged = payment_master.merge(examined.checked.accepted, batch.pk, batch.source_id)
    return _loaded(batch, examined, merged.new, merged.changed, merged.unchanged, 0)


def _load_interactions(examined: Examined, document: Document, actor: User, at: datetime) -> Loaded:
    batch = ledger.open_batch(Batch.Kind.INTERACTIONS, document, actor=actor, at=at)
    merged = interaction_master.merge(examined.checked.accepted, batch.pk, batch.source_id, at)
    return _loaded(batch, examined, merged.new, merged.changed, merged.unchanged, 0)


def _load_sell_through(examined: Examined, document: Document, actor: User, at: datetime) -> Loaded:
    """Beside the ledger: it is somebody else's turnover."""
    batch = ledger.open_batch(Batch.Kind.SELL_THROUGH, document, actor=actor, at=at)
    merged = sell_through_master.merge(examined.checked.accepted, batch.pk, batch.source_id)
    return _loaded(batch, examined, merged.new, merged.changed, merged.unchanged, 0)


def _load_spending(examined: Examined, document: Document, actor: User, at: datetime) -> Loaded:
    batch = ledger.open_batch(Batch.Kind.SPENDING, document, actor=actor, at=at)
    merged = spending_master.merge(examined.checked.accepted, batch, at)
    return _loaded(batch, examined, merged.new, merged.changed, merged.unchanged, 0)


def _load_touches(examined: Examined, document: Document, actor: User, at: datetime) -> Loaded:
    batch = ledger.open_batch(Batch.Kind.TOUCHES, document, actor=actor, at=at)
    merged = touch_master.merge(examined.checked.accepted, batch, at)
    return _loaded(batch, examined, merged.new, merged.changed, merged.unchanged, 0)


_LOADERS = {
    "sales": _load_sales,
    "customers": _load_customers,
    "products": _load_products,
    "activities": _load_activities,
    "payments": _load_payments,
    "interactions": _load_interactions,
    "sell_through": _load_sell_through,
    "spending": _load_spending,
    "touches": _load_touches,
}


def _loaded(
    batch: Batch, examined: Examined, new: int, changed: int, unchanged: int, customers_new: int
) -> Loaded:
    path = None
    if examined.checked.refused.height:
        path = private_folder("refused") / f"{batch.key}.csv"
        write_refused(examined.checked, path)
    return Loaded(batch, examined, new, changed, unchanged, customers_new, path)


def _remember(source: Source, examined: Examined) -> None:
    SourceMapping.objects.update_or_create(
        source=source,
        kind=examined.kind,
        defaults={
            "mapping": dict(examined.mapping.columns),
            "dialect": examined.raw.dialect.as_data(),
        },
    )


def _keep_result(loaded: Loaded) -> None:
    checked = loaded.examined.checked
    loaded.batch.result = {
        "new": loaded.new,
        "changed": loaded.changed,
        "unchanged": loaded.unchanged,
        "customers_new": loaded.customers_new,
        "refused": checked.refused.height,
        "reasons": {
            code: {"count": count, "amount": str(to_cents(amount))}
            for code, (count, amount) in checked.reasons().items()
        },
        "totals": totals(loaded.examined),
    }
    loaded.batch.save(update_fields=["result"])


def _levels(examined: Examined) -> dict[str, Decimal]:
    import polars as pl

    wide = pl.Decimal(38, 4)
    sums = examined.checked.accepted.group_by("kind").agg(pl.col("amount").cast(wide).sum())
    by_kind = {row["kind"]: row["amount"] for row in sums.to_dicts()}
    discounts = _discounts(examined.checked.accepted)
    return statement({**by_kind, 30: by_kind.get(30, Decimal(0)) + discounts})


def _discounts(accepted: Any) -> Decimal:
    if "discount" not in accepted.columns or accepted.height == 0:
        return Decimal(0)
    return Decimal(accepted["discount"].fill_null(Decimal(0)).sum())


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
