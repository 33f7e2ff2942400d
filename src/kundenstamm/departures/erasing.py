"""Who has left for good is forgotten: name and address go, what was done stays under a number."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kundenstamm.care.models import ComplaintStep, Task, TaskStep
from kundenstamm.customers.models import Grant, Representative, Star
from kundenstamm.customers.timeline import local_day
from kundenstamm.departures.holdings import held_by
from kundenstamm.departures.models import Departure, State
from kundenstamm.guard import endings
from kundenstamm.guard.models import User
from kundenstamm.guard.people import NOWHERE, is_erased
from kundenstamm.guard.rights import Forbidden, Right, demand
from kundenstamm.guard.sealed_fields import SealedFields, indexes_of
from kundenstamm.kit.words import gettext_noop
from kundenstamm.lifecycle.models import SavedView

# As `introducing` and `joining.taking_over` say them.
OPENINGS = (gettext_noop("Takes over from %(name)s"), gettext_noop("Introduces %(name)s"))
TASKS = (
    gettext_noop("Visit together with %(name)s, who introduces you"),
    gettext_noop("Visit together with %(name)s, and introduce them"),
)
STEPS = (gettext_noop("%(name)s takes over"),)
SENTENCES: tuple[tuple[type[SealedFields], str, tuple[str, ...]], ...] = (
    (Task, "what", TASKS),
    (TaskStep, "because", STEPS),
    (ComplaintStep, "said", STEPS),
)


@transaction.atomic
def erase(departure: Departure, *, actor: User, at: datetime) -> str:
    """Put a pseudonym in the place of name and mail address everywhere; it is given back.

    The audit tells by number who did what, so it stays whole. What people wrote of each other in
    notes is not found by this, and stays; bonds with customers take the pseudonym over by night.

    Raises
    ------
    Forbidden
        The departure is not confided to the actor, or the actor does not keep the people.
    ValidationError
        The departure is not closed, the account is open, something still hangs on the person, or
        they are erased already.
    """
    demand(actor, Right.PEOPLE)
    found = Departure.objects.visible_to(actor).filter(pk=departure.pk).first()
    if found is None:
        raise Forbidden(_("This is not confided to you."))
    person = User.objects.select_for_update().get(pk=departure.person_id)
    _demand_over(found, person, at)
    pseudonym = _("Former colleague %(number)s") % {"number": departure.key.hex[:6].upper()}
    before = person.name
    person.name, person.email = pseudonym, f"{departure.key.hex}@{NOWHERE}"
    person.last_login = None
    person.save(update_fields=["name", "email", "last_login"])
    Representative.objects.filter(user=person).update(name=pseudonym, code=departure.key.hex)
    _rename_in_own_words(before, pseudonym)
    for each in Departure.objects.filter(person=person):
        each.put("because", "")
        each.save(update_fields=["because", "because_index"])
    Star.objects.filter(person=person).delete()
    SavedView.objects.filter(user=person).delete()
    return pseudonym


def _rename_in_own_words(before: str, after: str) -> None:
    """Tasks, their steps and openings whose sentences this software made with the name.

    Found by their blind index: whoever has put it in other words is not.
    """
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for template in OPENINGS:
                told = [_(template) % {"name": name} for name in (before, after)]
                Grant.objects.filter(reason=told[0]).update(reason=told[1])
            for model, column, templates in SENTENCES:
                for template in templates:
                    told = [_(template) % {"name": name} for name in (before, after)]
                    _say_instead(model, column, *told)


def _say_instead(model: type[SealedFields], column: str, before: str, after: str) -> None:
    among = {f"{column}_index__in": indexes_of(model, column, before)}
    for each in model._default_manager.filter(**among).select_for_update():
        each.put(column, after)
        each.save(update_fields=[column, f"{column}_index"])


def _demand_over(departure: Departure, person: User, at: datetime) -> None:
    departures = Departure.objects.filter(person=person)
    if departure.state != State.CLOSED or departures.running().exists():
        raise ValidationError(_("Close the departure first."))
    if is_erased(person):
        raise ValidationError(_("This has been erased already."))
    held = held_by(person, local_day(at))
    if held or endings.left(person, at=at):
        raise ValidationError(
            _("Something is still this person's: an account, customers, tasks or openings.")
        )
