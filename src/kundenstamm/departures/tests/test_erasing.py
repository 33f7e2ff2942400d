"""Who has left for good is forgotten; what was done stays, under a number."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from kundenstamm.care.models import Task, TaskStep
from kundenstamm.care.task_actions import Errand, hand_over, set_task
from kundenstamm.customers.models import Grant, Representative
from kundenstamm.departures import actions, ending, erasing, introducing, planning, returning
from kundenstamm.departures.models import Departure
from kundenstamm.departures.tests.conftest import AT, DAY, TODAY, as_the_site
from kundenstamm.guard.models import AuditEntry
from kundenstamm.guard.people import is_erased
from kundenstamm.guard.people_actions import Refused, unlock
from kundenstamm.guard.rights import Forbidden


def by(person):
    return {"actor": person, "at": AT}


@pytest.fixture
def gone(feared, base, people):
    """Anna left after she had introduced Bernd."""
    frieda = people["Frieda"]
    planning.propose(feared, **by(frieda))
    actions.give_notice(feared, AT + 5 * DAY, **by(frieda))
    introducing.plan_visits(feared, **by(frieda))
    ending.end_rights(feared, **by(frieda))
    return feared


@pytest.fixture
def closed(gone, people):
    actions.close(gone, **by(people["Frieda"]))
    return gone


def test_name_and_address_are_gone_and_the_audit_stays(closed, people):
    anna = people["Anna"]
    noted = AuditEntry.objects.count()
    assert Grant.objects.filter(reason__contains="Anna").exists()
    with as_the_site(people["Frieda"]):
        pseudonym = erasing.erase(closed, **by(people["Frieda"]))
    anna.refresh_from_db()
    assert anna.name == pseudonym
    assert is_erased(anna)
    with pytest.raises(Refused):
        unlock(anna, **by(people["Frieda"]))
    served = Representative.objects.get(user=anna)
    assert (served.name, served.code) == (pseudonym, closed.key.hex)
    assert not Grant.objects.filter(reason__contains="Anna").exists()
    assert not any("Anna" in task.open("what") for task in Task.objects.all())
    assert Departure.objects.get(pk=closed.pk).open("because") == ""
    assert AuditEntry.objects.count() >= noted
    assert AuditEntry.objects.filter(what="guard_user", rows__contains=[anna.pk]).exists()


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_joining_said_of_somebody_goes_too(closed, base, people, language):
    frieda, bernd = people["Frieda"], people["Bernd"]
    with translation.override(language):
        for what in (*erasing.TASKS, "Anna fragen"):
            said = translation.gettext(what) % {"name": "Anna"}
            set_task(base["Fichte"], Errand(said, TODAY, bernd), **by(frieda))
        task = Task.objects.order_by("pk").last()
        because = translation.gettext(erasing.STEPS[0]) % {"name": "Anna"}
        hand_over(task, frieda, because, **by(frieda))
    pseudonym = erasing.erase(closed, **by(frieda))
    named = {task.open("what") for task in Task.objects.all() if "Anna" in task.open("what")}
    assert named == {"Anna fragen"}
    assert pseudonym in TaskStep.objects.latest("pk").open("because")


def test_only_owners_and_only_when_all_is_over(gone, people):
    frieda = people["Frieda"]
    with pytest.raises(ValidationError):
        erasing.erase(gone, **by(frieda))
    actions.close(gone, **by(frieda))
    gone.refresh_from_db()
    for name in ("Greta", "Doris", "Emil", "Bernd", "Ida"):
        with pytest.raises(Forbidden):
            erasing.erase(gone, **by(people[name]))
    people["Anna"].grants.create(
        customer_id=gone.lines.first().customer_id, kind="open", reason="x", given_by=frieda,
        starts_at=AT,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="gehört noch"):
        erasing.erase(gone, **by(frieda))
    people["Anna"].grants.all().delete()
    erasing.erase(gone, **by(frieda))
    with pytest.raises(ValidationError, match="schon"):
        erasing.erase(gone, **by(frieda))


def test_who_came_back_is_not_erased(gone, people):
    returning.take_back(gone, **by(people["Frieda"]))
    gone.refresh_from_db()
    with pytest.raises(ValidationError, match="gehört noch"):
        erasing.erase(gone, **by(people["Frieda"]))
