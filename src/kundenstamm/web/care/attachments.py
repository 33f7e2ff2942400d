"""Attached files as pages show them, and the forms that bring more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from kundenstamm.care import file_kinds, rules
from kundenstamm.care.attaching import File, may_remove, of_interactions
from kundenstamm.care.models import Attachment, Interaction
from kundenstamm.guard.masks import sees
from kundenstamm.guard.models import User
from kundenstamm.web.care.words import opened


class _Files(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; what is in them is looked at by the action."""

    def __init__(self, **options: Any) -> None:
        accept = ",".join(f".{kind}" for kind in file_kinds.KINDS)
        options |= {"allow_empty_file": True, "widget": _Files({"accept": accept})}
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> list[File]:
        if self.required and not data:
            raise ValidationError(_("Choose a file."))
        sent = [super(FilesField, self).clean(each, initial) for each in data or []]
        return [File(each.name, each.read()) for each in sent]


def files_field(**options: Any) -> FilesField:
    """The field, with what may be attached said below it."""
    most = {"files": rules.MOST_FILES, "size": rules.MOST_FILE_BYTES // (1024 * 1024)}
    told = _("PDF, pictures, text, mails, documents and sheets; %(files)s files, %(size)s MB each.")
    return FilesField(label=_("Attach"), help_text=told % most, **options)


class AttachForm(forms.Form):
    attached = files_field()


@dataclass(frozen=True)
class Shown:
    """A file as a page shows it."""

    key: UUID
    name: str
    size: str
    readable: bool
    may_remove: bool
    by: str
    removed_by: str
    removed_at: datetime | None


def shown(actor: User, found: Sequence[Interaction]) -> dict[int, list[Shown]]:
    """By interaction (the id)."""
    plain = sees(actor, "interaction.attachment")
    listed = of_interactions(actor, found)
    return {pk: [_shown(actor, each, plain=plain) for each in of] for pk, of in listed.items()}


def _shown(actor: User, each: Attachment, *, plain: bool) -> Shown:
    return Shown(
        each.key,
        opened(each, "name", plain=plain),
        filesizeformat(each.size),
        plain and not each.removed,
        not each.removed and may_remove(actor, each),
        each.attached_by.name,
        each.removed_by.name if each.removed_by else "",
        each.removed_at,
    )
