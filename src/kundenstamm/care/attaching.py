"""Files are attached to what was recorded: looked at, sealed, opened again, taken away."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from kundenstamm.care import file_kinds, rules
from kundenstamm.care.models import Attachment, Interaction
from kundenstamm.customers.actions import demand_known
from kundenstamm.guard.models import User
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.guard.rights import Forbidden, Right, demand, may
from kundenstamm.guard.sealed_fields import indexes_of, place_of
from kundenstamm.guard.sealed_files import fresh_key, opened_file, seal_file

FIELD = "attached"


@dataclass(frozen=True)
class File:
    """A file as it came: the name is only told, the content is looked at."""

    name: str
    content: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@transaction.atomic
def attach(
    interaction: Interaction, files: Sequence[File], *, actor: User, at: datetime
) -> list[Attachment]:
    """Keep files with what was recorded: all of them, or none.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        The entry was withdrawn, or a file is too large, of no kind that is taken, not what its name
        says, active, or there already; each is named.
    """
    demand(actor, Right.RECORD)
    demand_known(interaction.customer_id, actor)
    if not files:
        raise ValidationError({FIELD: _("Choose a file.")})
    # Of two who attach at once, the second is counted after the first.
    held = Interaction.objects.select_for_update().get(pk=interaction.pk)
    if held.withdrawn:
        raise ValidationError({FIELD: _("It was withdrawn, so nothing is attached any more.")})
    named = [File(file_kinds.safe_name(each.name), each.content) for each in files]
    if wrong := [*_wrong(named), *_too_much(held, named), *_twice(held, named)]:
        raise ValidationError({FIELD: wrong})
    return [_kept(held, each, actor, at) for each in named]


@transaction.atomic
def remove(attachment: Attachment, *, actor: User, at: datetime) -> None:
    """Take a file away: what it held is destroyed, that it was there stays on record.

    Raises
    ------
    Forbidden
        The actor may not take it away, or may not know of the customer.
    ValidationError
        It was taken away already.
    """
    demand_known(attachment.customer_id, actor)
    if not may_remove(actor, attachment):
        raise Forbidden(_("Whoever attached it takes it away, or somebody who assigns customers."))
    held = Attachment.objects.select_for_update().defer("content").get(pk=attachment.pk)
    if held.removed:
        raise ValidationError(_("It was taken away already."))
    held.put("opening", "")
    held.content, held.removed_at, held.removed_by = b"", at, actor
    held.save(update_fields=["opening", "opening_index", "content", "removed_at", "removed_by"])


def may_remove(actor: User, attachment: Attachment) -> bool:
    """Who attached it; what others did, who is responsible for customers."""
    own = attachment.attached_by_id == actor.pk
    return may(actor, Right.RECORD) and (own or may(actor, Right.ASSIGN))


def attachments(actor: User) -> NeedToKnowQuerySet[Attachment]:
    """All of customers that the actor may know of, without what they hold."""
    return Attachment.objects.visible_to(actor).defer("content")


def of_interactions(actor: User, found: Iterable[Interaction]) -> dict[int, list[Attachment]]:
    """By interaction (the id), in the order they were attached; those taken away among them."""
    known = attachments(actor).filter(interaction__in=[each.pk for each in found])
    listed: dict[int, list[Attachment]] = defaultdict(list)
    for each in known.select_related("attached_by", "removed_by").order_by("pk"):
        listed[each.interaction_id].append(each)
    return listed


def of_interaction(actor: User, interaction: Interaction) -> list[Attachment]:
    """Those of one, without what they hold."""
    return list(attachments(actor).filter(interaction=interaction, removed_at=None).order_by("pk"))


def standing(actor: User, key: UUID) -> Attachment | None:
    """One that was not taken away, with what it holds still sealed."""
    known = Attachment.objects.visible_to(actor).filter(key=key, removed_at=None)
    return known.first()


def content_of(attachment: Attachment) -> bytes:
    """What the file holds.

    Raises
    ------
    kundenstamm.guard.keys.KeysRefused
        It cannot be opened.
    """
    key = attachment.open("opening").partition(" ")[0]
    place = place_of(Attachment, "content", attachment.key)
    return opened_file(bytes(attachment.content), place, key)


def also_there(attachment: Attachment, *, actor: User) -> Interaction | None:
    """The newest other entry of the same customer that has a file with the same content."""
    opening = attachment.open("opening")
    same = attachments(actor).filter(
        customer_id=attachment.customer_id,
        removed_at=None,
        opening_index__in=indexes_of(Attachment, "opening", opening),
        interaction__withdrawn_at=None,
    )
    others = same.exclude(interaction_id=attachment.interaction_id)
    found = others.select_related("interaction").order_by("-pk").first()
    return found.interaction if found else None


def _kept(interaction: Interaction, file: File, actor: User, at: datetime) -> Attachment:
    made = Attachment(
        interaction=interaction, customer_id=interaction.customer_id, size=len(file.content),
        attached_at=at, attached_by=actor,
    )  # fmt: skip
    key = fresh_key()
    made.put("name", file.name)
    made.put("opening", f"{key} {file.digest}")
    made.content = seal_file(file.content, place_of(Attachment, "content", made.key), key)
    made.save()
    return made


def _wrong(files: Sequence[File]) -> list[str]:
    return [said for each in files if (said := _wrong_file(each))]


def _wrong_file(file: File) -> str:
    told = {"name": file.name, "kinds": ", ".join(kind.upper() for kind in file_kinds.KINDS)}
    if not file.content:
        return _("“%(name)s” is empty. Choose another file.") % told
    if len(file.content) > rules.MOST_FILE_BYTES:
        return too_large(file.name)
    if file_kinds.ending(file.name) not in file_kinds.KINDS:
        said = _("“%(name)s” is of no kind that is kept. Save it as one of these: %(kinds)s.")
        return said % told
    try:
        if file_kinds.is_what_it_says(file.name, file.content):
            return ""
    except file_kinds.Active:
        return _("“%(name)s” holds macros or scripts. Save it without, best as PDF.") % told
    said = _(
        "“%(name)s” is not what its name ends in. Open it in its own program and save it anew."
    )
    return said % told


def too_large(name: str) -> str:
    """What is said of a file above the limit, also where it was not even read to its end."""
    said = _("“%(name)s” is larger than %(most)s. Save it smaller, or in parts.")
    return said % {"name": name, "most": filesizeformat(rules.MOST_FILE_BYTES)}


def _too_much(interaction: Interaction, files: Sequence[File]) -> list[str]:
    """Of one entry, with what is there already."""
    there = Attachment.objects.filter(interaction=interaction, removed_at=None)
    held = there.aggregate(size=Sum("size", default=0))["size"]
    if there.count() + len(files) > rules.MOST_FILES:
        said = _("An entry takes %(most)s files at most. Record another entry for more.")
        return [said % {"most": rules.MOST_FILES}]
    if held + sum(len(each.content) for each in files) > rules.MOST_BYTES_TOGETHER:
        said = _("The files of an entry are %(most)s at most. Record another entry for more.")
        return [said % {"most": filesizeformat(rules.MOST_BYTES_TOGETHER)}]
    return []


def _twice(interaction: Interaction, files: Sequence[File]) -> list[str]:
    """The same content once more with the same entry, under whatever name."""
    there = Attachment.objects.filter(interaction=interaction, removed_at=None)
    known = set(there.values_list("opening_index", flat=True))
    seen: set[str] = set()
    said = []
    for each in files:
        if each.digest in seen or known & set(indexes_of(Attachment, "opening", f" {each.digest}")):
            words = _("“%(name)s” is attached already. Leave it out.")
            said.append(words % {"name": each.name})
        seen.add(each.digest)
    return said
