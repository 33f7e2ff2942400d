"""Files that come in through the site: kept, looked at, loaded by a job, shown."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand
from kundenstamm.importers import actions
from kundenstamm.importers.examining import Wish
from kundenstamm.importers.files import FileRefused, Raw, room_needed
from kundenstamm.importers.mapping import Mapping as Columns
from kundenstamm.importers.mapping import MappingError
from kundenstamm.importers.models import ImportJob
from kundenstamm.kit.home import private_folder
from kundenstamm.ledger.actions import UndoRefused
from kundenstamm.ledger.models import Batch

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".parquet")


def receive(
    name: str, pieces: Iterable[bytes], source: str, *, actor: User, at: datetime
) -> ImportJob:
    """Keep an uploaded file and remember what it looks like.

    Raises
    ------
    FileRefused
        It cannot be read; nothing is kept.
    """
    demand(actor, Right.IMPORT)
    suffix = Path(name).suffix.lower()
    stored = f"{secrets.token_hex(12)}{suffix if suffix in SUFFIXES else '.csv'}"
    path = _folder() / stored
    try:
        _write(path, pieces)
        raw, mapping = actions.prepare(Wish(path), source)
    except FileRefused as refused:
        path.unlink(missing_ok=True)
        refused.path = Path(name)
        raise
    return ImportJob.objects.create(
        kind=mapping.kind,
        source_name=source,
        file_name=name[:300],
        stored_as=stored,
        dialect=raw.dialect.as_data(),
        mapping=dict(mapping.columns),
        rows_total=raw.frame.height,
        actor=actor,
        made_at=at,
    )


def choose(
    job: ImportJob,
    kind: str,
    columns: Mapping[str, str],
    dialect: Mapping[str, Any],
    *,
    actor: User,  # noqa: ARG001
    at: datetime,
) -> None:
    """What the person put right: kind, columns, how the file is written.

    Another kind, or another way to read the file, is guessed anew.

    Raises
    ------
    FileRefused, MappingError
        It cannot be read that way; the job stays as it was.
    """
    anew = kind != job.kind or any(job.dialect.get(n) != v for n, v in dialect.items() if v)
    wish = Wish(path_of(job), kind, {} if anew else columns, job.dialect | _given(dialect))
    raw, mapping = actions.prepare(wish, job.source_name)
    job.kind, job.dialect = mapping.kind, raw.dialect.as_data()
    job.mapping, job.rows_total = dict(mapping.columns), raw.frame.height
    job.save(update_fields=["kind", "dialect", "mapping", "rows_total"])


def look(job: ImportJob) -> tuple[Raw, Columns]:
    """The file as the job has it read."""
    return actions.prepare(wish_of(job), job.source_name)


def start(job: ImportJob, *, actor: User, at: datetime) -> None:  # noqa: ARG001
    """Let the background worker load it; twice asked is once loaded."""
    from kundenstamm.importers.jobs import load_upload

    with transaction.atomic():
        waiting = ImportJob.objects.filter(pk=job.pk, state=ImportJob.State.PREVIEW)
        if waiting.update(state=ImportJob.State.WAITING, step="waiting"):
            load_upload.defer(job=job.pk, at=at.isoformat())


def run(job: ImportJob, *, at: datetime) -> None:
    """Load the file; what goes wrong is told on the job's page, and nothing is half loaded."""
    ImportJob.objects.filter(pk=job.pk).update(state=ImportJob.State.LOADING)

    def progress(step: str) -> None:
        ImportJob.objects.filter(pk=job.pk).update(step=step)

    try:
        loaded = actions.load(
            wish_of(job),
            job.source_name,
            actor=job.actor,
            at=at,
            file_name=job.file_name,
            progress=progress,
        )
    except (FileRefused, MappingError) as refused:
        _fail(job, str(refused))
        return
    except Exception:
        _fail(job, "")
        raise
    ImportJob.objects.filter(pk=job.pk).update(
        state=ImportJob.State.DONE, step="done", batch=loaded.batch, result=loaded.batch.result
    )
    path_of(job).unlink(missing_ok=True)


def undo(batch: Batch, *, actor: User, at: datetime) -> None:
    """Let the background worker take a batch back, whether it came by the site or not.

    Raises
    ------
    UndoRefused
        See `kundenstamm.importers.actions.check_undo`.
    """
    from kundenstamm.importers.jobs import undo as job

    demand(actor, Right.IMPORT)
    actions.check_undo(batch)
    batch.result["undoing"] = True
    with transaction.atomic():
        batch.save(update_fields=["result"])
        job.defer(batch=batch.pk, actor=actor.pk, at=at.isoformat())


def run_undo(batch: Batch, *, actor: User, at: datetime) -> None:
    """Take the batch back; what stands in the way is told beside it."""
    try:
        actions.undo(batch, actor=actor, at=at)
        ImportJob.objects.filter(batch=batch).update(state=ImportJob.State.UNDONE)
    except UndoRefused as refused:
        batch.result["undo_refused"] = str(refused)
    finally:
        batch.result.pop("undoing", None)
        batch.save(update_fields=["result"])


def discard(job: ImportJob, *, actor: User, at: datetime) -> None:  # noqa: ARG001
    """Forget a file that was not loaded."""
    if job.state == ImportJob.State.PREVIEW:
        path_of(job).unlink(missing_ok=True)
        job.delete()


def refused_file(batch: Batch) -> Path | None:
    """Where the batch's refused rows are kept, if any were refused."""
    path = private_folder("refused") / f"{batch.key}.csv"
    return path if path.exists() else None


def path_of(job: ImportJob) -> Path:
    return _folder() / job.stored_as


def wish_of(job: ImportJob) -> Wish:
    return Wish(path_of(job), job.kind, job.mapping, _given(job.dialect))


def _given(dialect: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in dialect.items() if value and name != "format"}


def _fail(job: ImportJob, why: str) -> None:
    ImportJob.objects.filter(pk=job.pk).update(state=ImportJob.State.FAILED, error={"why": why})


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    with room_needed(path), path.open("wb") as file:
        path.chmod(0o600)
        for piece in pieces:
            file.write(piece)


def _folder() -> Path:
    return private_folder("uploads")
