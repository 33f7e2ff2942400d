"""What waits for the cast in the morning: tasks that they have set and handed to each other."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from kundenstamm.care.models import Task
from kundenstamm.care.task_actions import Errand, hand_over, set_task
from kundenstamm.customers.models import Assignment, Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.lifecycle.queries.runs import latest_run

ANNA, GESA, IDA = "anna@example.com", "gesa@example.com", "ida@example.com"
# Who set it how many days ago, what, due so many days after that, and who has it now, with why.
ERRANDS = (
    (ANNA, 5, "Muster der neuen Dichtbänder vorbeibringen", 3, "", ""),
    (IDA, 2, "Rückruf wegen der fehlenden Palette", 1, ANNA, "Der Kunde will mit Ihnen sprechen."),
    (ANNA, 1, "Angebot für das Frühjahr durchsprechen", 1, "", ""),
    (GESA, 1, "Zahlungsziel ansprechen", 4, ANNA, "Sie sind am Donnerstag ohnehin dort."),
    (ANNA, 1, "Jahresgespräch vorbereiten", 15, "", ""),
    (ANNA, 1, "Lieferanschrift im System prüfen", 2, IDA, "Das liegt beim Innendienst."),
)


@transaction.atomic
def wait(*, at: datetime) -> None:
    """Set them once, for regular customers of Anna's; without her nothing waits."""
    people = {user.email: user for user in User.objects.filter(email__in=(ANNA, GESA, IDA))}
    if Task.objects.exists() or any(
        email not in people or not may(people[email], Right.RECORD) for email in (ANNA, GESA, IDA)
    ):
        return
    found = zip(ERRANDS, annas(people[ANNA], len(ERRANDS)), strict=False)
    for (who, ago, what, days, to, because), customer in found:
        then = at - timedelta(days=ago)
        due = timezone.localdate(then) + timedelta(days=days)
        made = set_task(customer, Errand(what, due, people[who]), actor=people[who], at=then)
        if to:
            hand_over(made, people[to], because, actor=people[who], at=then)


def annas(anna: User, number: int) -> list[Customer]:
    """Her largest regular customers."""
    served = Assignment.objects.filter(representative__user=anna, ends=None)
    hers = {"customer__in": served.values("customer"), "customer__confidential": False}
    regular = Estimate.objects.filter(run=latest_run(), stage="regular", **hers)
    return [
        each.customer
        for each in regular.select_related("customer").order_by("-year_net_revenue")[1 : number + 1]
    ]
