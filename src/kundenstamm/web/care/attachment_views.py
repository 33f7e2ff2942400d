"""Attached files: more of them, one to take home, one to take away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.care import attaching, file_kinds, queries
from kundenstamm.care.models import Attachment
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.keys import KeysRefused
from kundenstamm.web.care.attachments import AttachForm
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.shell.requests import SignedInRequest, moment, own_address
from kundenstamm.web.shell.uploading import skipped


@require_safe
def download(request: SignedInRequest, key: UUID, attachment: UUID) -> HttpResponse:
    """The file itself, to be kept and never shown as a page of this site.

    Read whole before the transaction ends: an answer that streams would ask the database later,
    when nobody is named to it any more.
    """
    who = known_or_404(request, key)
    found = attaching.standing(request.user, attachment)
    if found is None or found.customer_id != who.pk:
        raise Http404
    try:
        name, content = found.open("name"), attaching.content_of(found)
    except KeysRefused:
        messages.error(request, _("This file cannot be opened: its key is missing."))
        return redirect("interactions", key)
    note_read("attachment", [who.pk], rows=[found.pk], actor=request.user, at=timezone.now())
    answer = HttpResponse(content, content_type=file_kinds.sent_as(name))
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@require_POST
def attach(request: SignedInRequest, key: UUID, interaction: UUID) -> HttpResponse:
    """More files for what was recorded before: all that were chosen, or none."""
    who = known_or_404(request, key)
    held = get_object_or_404(queries.of(request.user, who), key=interaction)
    back = redirect(own_address(request, request.POST.get("next", ""), _entry(key, interaction)))
    form = AttachForm(request.POST, request.FILES)
    try:
        refuse_skipped(request)
        files = form.cleaned_data["attached"] if form.is_valid() else []
        made = attaching.attach(held, files, actor=request.user, at=moment())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return back
    messages.success(request, _("Attached."))
    tell_known(request, made)
    return back


@require_POST
def remove(request: SignedInRequest, key: UUID, attachment: UUID) -> HttpResponse:
    """It is destroyed; that it was there, and who took it away, stays."""
    who = known_or_404(request, key)
    held = get_object_or_404(
        attaching.attachments(request.user).filter(customer=who), key=attachment
    )
    try:
        attaching.remove(held, actor=request.user, at=moment())
        messages.success(request, _("Taken away. What the file held is destroyed."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    told = request.POST.get("next", "")
    return redirect(own_address(request, told, _entry(key, held.interaction.key)))


def refuse_skipped(request: SignedInRequest) -> None:
    """Files that were larger than may be have not come in; none of the others is kept.

    Raises
    ------
    ValidationError
        There were such.
    """
    if names := skipped(request):
        said = [attaching.too_large(file_kinds.safe_name(name)) for name in names]
        raise ValidationError({attaching.FIELD: said})


def tell_known(request: SignedInRequest, made: list[Attachment]) -> None:
    """Which of the files are there already, with another entry of the customer."""
    for each in made:
        other = attaching.also_there(each, actor=request.user)
        if other is not None:
            day = formats.date_format(other.day, "SHORT_DATE_FORMAT")
            said = _("“%(name)s” is also attached to the entry of %(day)s.")
            messages.info(request, said % {"name": each.open("name"), "day": day})


def _entry(key: UUID, interaction: UUID) -> str:
    return f"{reverse('interactions', args=[key])}?at={interaction}"
