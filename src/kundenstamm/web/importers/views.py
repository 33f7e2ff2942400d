"""The import: a file dropped, looked at, loaded, taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kundenstamm.guard.audit import note_read
from kundenstamm.importers import actions, likeness, uploads
from kundenstamm.importers.examining import marks
from kundenstamm.importers.fields import FIELDS
from kundenstamm.importers.files import FileRefused
from kundenstamm.importers.files.reading import EXTRA, ROW
from kundenstamm.importers.mapping import MappingError
from kundenstamm.importers.models import ImportJob
from kundenstamm.importers.refusals import REFUSALS
from kundenstamm.ledger.actions import UndoRefused
from kundenstamm.ledger.models import Batch
from kundenstamm.ledger.queries import recent_batches
from kundenstamm.web.customers.doubles_words import how_likely, why
from kundenstamm.web.shell.requests import SignedInRequest

MAX_BYTES = 1 << 30
SHOWN_ROWS = 10
SHOWN_REFUSED = 8
SHOWN_HINTS = 12
STEPS = ("waiting", "reading", "checking", "loading", "valuing", "done")


@require_http_methods(["GET", "POST"])
def imports(request: SignedInRequest) -> HttpResponse:
    """Drop a file; below, what came in before."""
    if request.method == "POST":
        return _receive(request)
    open_jobs = ImportJob.objects.filter(actor=request.user).exclude(
        state__in=[ImportJob.State.DONE, ImportJob.State.UNDONE]
    )
    context = {
        "batches": [_told(batch) for batch in recent_batches(request.user)],
        "open_jobs": open_jobs.order_by("-id")[:10],
        "source": actions.DEFAULT_SOURCE,
    }
    return render(request, "importers/imports.html", context)


@require_http_methods(["GET", "POST"])
def job(request: SignedInRequest, key: UUID) -> HttpResponse:
    """One file: how it is read, which column is what; later its progress and result."""
    found = _job(request, key)
    if found.state != ImportJob.State.PREVIEW:
        return render(request, "importers/progress.html", _progress(found))
    if request.method == "POST":
        return _choose(request, found)
    try:
        raw, mapping = uploads.look(found)
    except (FileRefused, MappingError) as refused:
        messages.error(request, _said(refused))
        return redirect("imports")
    columns = raw.columns
    context = {
        "job": found,
        "columns": columns,
        "fields": [
            {"name": f.name, "label": _(f.label), "column": mapping.columns.get(f.name, "")}
            for f in FIELDS[found.kind]
        ],
        "missing": [_(f.label) for f in FIELDS[found.kind] if f.name in mapping.missing()],
        "rows": [
            (row[ROW], ["" if row[c] is None else str(row[c]) for c in columns])
            for row in raw.frame.drop(EXTRA, strict=False).head(SHOWN_ROWS).to_dicts()
        ],
        "kinds": [c for c in Batch.Kind.choices if c[0] in FIELDS],
        "written": _written(found, marks(raw, mapping)),
    }
    return render(request, "importers/preview.html", context)


@require_safe
def outlook(request: SignedInRequest, key: UUID) -> HttpResponse:
    """What loading would do; asked for after the page stands, because it reads the whole file."""
    found = _job(request, key)
    try:
        raw, mapping = uploads.look(found)
        told = actions.preview(raw, mapping, found.source_name, at=timezone.now())
    except (FileRefused, MappingError) as refused:
        return render(request, "importers/outlook.html", {"error": _said(refused)})
    checked = told["examined"].checked
    like = likeness.hints(told["examined"], actor=request.user)
    shown = like[:SHOWN_HINTS]
    known = [hint.customer.pk for hint in shown if hint.customer is not None]
    if known:
        note_read("import-outlook", known, actor=request.user, at=timezone.now())
    context = told | {
        "job": found,
        "good": checked.accepted.height,
        "hints": [
            {"of": hint, "why": why(hint.reasons), "likely": how_likely(hint.probability)}
            for hint in shown
        ],
        "alike": len({hint.row for hint in like}),
        "reasons": _reasons({c: {"count": n} for c, (n, _a) in checked.reasons().items()}),
        "examples": [
            row | {"refusal": REFUSALS[row["reason"]]}
            for row in checked.refused.head(SHOWN_REFUSED).to_dicts()
        ],
    }
    return render(request, "importers/outlook.html", context)


@require_POST
def start(request: SignedInRequest, key: UUID) -> HttpResponse:
    found = _job(request, key)
    uploads.start(found, actor=request.user, at=timezone.now())
    return redirect("import-job", key=key)


@require_safe
def progress(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The part of the page that renews itself."""
    found = _job(request, key)
    answer = render(request, "importers/step.html", _progress(found))
    if found.state in (ImportJob.State.DONE, ImportJob.State.FAILED):
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def discard(request: SignedInRequest, key: UUID) -> HttpResponse:
    uploads.discard(_job(request, key), actor=request.user, at=timezone.now())
    return redirect("imports")


@require_POST
def undo(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Take a batch back, whether it came by the site or the command line."""
    batch = get_object_or_404(Batch, key=key)
    try:
        uploads.undo(batch, actor=request.user, at=timezone.now())
        messages.success(request, _("“%s” is being taken back.") % batch.file_name)
    except UndoRefused as refused:
        messages.error(request, str(refused))
    return redirect("imports")


@require_safe
def refused(request: SignedInRequest, key: UUID) -> FileResponse:
    """The refused rows as a file to mend and load again."""
    visible = Batch.objects.filter(pk__in=[b.pk for b in recent_batches(request.user, limit=1000)])
    path = uploads.refused_file(get_object_or_404(visible, key=key))
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename="refused.csv")


def _receive(request: SignedInRequest) -> HttpResponse:
    upload = request.FILES.get("file")
    source = request.POST.get("source", "").strip()[:120] or actions.DEFAULT_SOURCE
    if upload is None:
        messages.error(request, _("Choose a file first."))
        return redirect("imports")
    if (upload.size or 0) > MAX_BYTES:
        messages.error(request, _("The file is larger than 1 GB. Split it, or use the command."))
        return redirect("imports")
    try:
        made = uploads.receive(
            upload.name or "file", upload.chunks(), source, actor=request.user, at=timezone.now()
        )
    except FileRefused as failed:
        messages.error(request, _said(failed))
        return redirect("imports")
    return redirect("import-job", key=made.key)


def _choose(request: SignedInRequest, found: ImportJob) -> HttpResponse:
    names = ("separator", "decimal", "date_order", "encoding", "header_row", "sheet")
    dialect: dict[str, Any] = {name: request.POST.get(name, "") for name in names}
    header = str(dialect["header_row"])
    dialect["header_row"] = int(header) if header.isdecimal() and 0 < int(header) < 1000 else None
    kind = request.POST.get("kind", found.kind)
    columns = {f.name: request.POST.get(f"column-{f.name}", "") for f in FIELDS.get(found.kind, ())}
    try:
        uploads.choose(
            found,
            kind if kind in FIELDS else found.kind,
            columns,
            dialect,
            actor=request.user,
            at=timezone.now(),
        )
    except (FileRefused, MappingError) as failed:
        messages.error(request, _said(failed))
    return redirect("import-job", key=found.key)


def _written(found: ImportJob, shown: dict[str, str]) -> list[str]:
    """How the file is written, by examples: what was guessed or chosen."""
    dialect = found.dialect
    separator = {"\t": _("Tab")}.get(dialect["separator"], dialect["separator"])
    said = [
        dialect["format"],
        dialect["encoding"],
        f"„{separator}“" if separator else "",
        dialect["sheet"],
        {",": "1.234,56", ".": "1,234.56"}.get(shown["decimal"], ""),
        {"dmy": "31.12.2025", "mdy": "12/31/2025", "ymd": "2025-12-31"}.get(
            shown["date_order"], ""
        ),
    ]
    return [each for each in said if each]


def _job(request: SignedInRequest, key: UUID) -> ImportJob:
    return get_object_or_404(ImportJob.objects.select_related("batch"), key=key, actor=request.user)


def _progress(found: ImportJob) -> dict[str, Any]:
    at = STEPS.index(found.step) if found.step in STEPS else 0
    told = {"job": found, "at": at, "steps": len(STEPS) - 1, "result": found.result}
    return told | {
        "reasons": _reasons(found.result.get("reasons", {})),
        "undone": found.state == ImportJob.State.UNDONE,
    }


def _told(batch: Batch) -> dict[str, Any]:
    return {
        "batch": batch,
        "result": batch.result,
        "undone": hasattr(batch, "undone_by"),
        "undoing": batch.result.get("undoing", False),
        "undo_refused": batch.result.get("undo_refused", ""),
        "refused": batch.result.get("refused", 0),
    }


def _reasons(reasons: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"count": told["count"], "why": _(REFUSALS[code].why), "mend": _(REFUSALS[code].mend)}
        for code, told in reasons.items()
    ]


def _said(refused: FileRefused | MappingError) -> str:
    """The refusal in the reader's language."""
    if isinstance(refused, FileRefused):
        said = _(refused.template).format(**refused.values)
        return f"{refused.path.name}: {said} {_(refused.mend).format(**refused.values)}"
    return _(refused.template).format(**refused.values)
