"""Colleagues are spoken to in notes: found by their names, told on their page of tasks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kundenstamm.care import rules
from kundenstamm.care.models import Interaction, Mention
from kundenstamm.care.standing_in import demand_able
from kundenstamm.guard.models import User


def spoken_to(note: str, customer: int, *, actor: User) -> list[User]:
    """Whom a note about a customer (the id) speaks to, by whole or first names after an @.

    Raises
    ------
    ValidationError
        A first name is more than one colleague's, or one of those named may not know of the
        customer or records nothing.
    """
    if "@" not in note:
        return []
    people = list(User.objects.filter(is_active=True).order_by("name", "pk"))
    by_name = _by_name(people)
    found: dict[int, User] = {}
    for name in rules.names_in(note, by_name):
        if len(by_name[name]) > 1:
            words = _("More than one colleague is called %(name)s. Write the whole name.")
            raise ValidationError({"note": words % {"name": by_name[name][0].name.split()[0]}})
        found |= {each.pk: each for each in by_name[name]}
    found.pop(actor.pk, None)
    for person in found.values():
        demand_able(person, customer, field="note")
    return list(found.values())


def mention(interaction: Interaction, people: list[User]) -> None:
    """It waits for each of them."""
    for person in people:
        Mention.objects.create(
            interaction=interaction, customer_id=interaction.customer_id, person=person
        )


def unseen(actor: User) -> QuerySet[Mention]:
    """What waits for the actor, the newest first; what was withdrawn waits for nobody."""
    waiting = _of(actor).filter(
        seen_at=None, interaction__withdrawn_at=None, customer__withdrawn=False
    )
    return waiting.select_related("customer", "interaction__author").order_by("-pk")


def see(key: UUID, *, actor: User, at: datetime) -> bool:
    """It waits no longer; False where nothing of the actor's is behind the key."""
    found = _of(actor).filter(key=key)
    return found.filter(seen_at=None).update(seen_at=at) > 0 or found.exists()


def _of(actor: User) -> QuerySet[Mention]:
    """Where the actor was spoken to, of customers that they may know now."""
    return Mention.objects.visible_one_by_one(actor).filter(person=actor)


def _by_name(people: list[User]) -> dict[str, list[User]]:
    """By whole and by first name; where one is called as another's first name, the whole one."""
    whole: dict[str, list[User]] = {}
    first: dict[str, list[User]] = {}
    for each in people:
        words = each.name.casefold().split()
        if words:
            whole.setdefault(" ".join(words), []).append(each)
            first.setdefault(words[0], []).append(each)
    return first | whole
