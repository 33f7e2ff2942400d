"""What waits for the cast in the morning: tasks that they have set and handed to each other, and
complaints that pass through their departments.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from kundenstamm.care import complaint_actions as complaints
from kundenstamm.care.models import Interaction, Task
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

Solved = tuple[int, float, str]
# Hours to the first answer, days to the solution, cost: the latest of those solved first.
SOLVED: tuple[Solved, ...] = (
    (3, 2.5, "148"), (20, 6, "62.5"), (30, 11, "0"), (2, 1, "35"), (5, 4, "310"), (26, 9, "95"),
    (8, 3, "20"), (50, 14, "120"), (1, 0.5, "0"), (12, 5, "48"),
)  # fmt: skip
# What the sample company's complaints say → cause.
CAUSES = {
    "Rechnung": "invoice", "spät": "late", "defekt": "goods", "beschädigt": "damaged",
    "falsch": "wrong",
}  # fmt: skip
LONGEST = timedelta(days=15)
STILL_OPEN = 2


@transaction.atomic
def wait(*, at: datetime) -> None:
    """Set them once, for regular customers of Anna's; without her nothing waits."""
    people = {user.email: user for user in User.objects.filter(email__in=(ANNA, GESA, IDA))}
    if Task.objects.exists() or any(
        email not in people or not may(people[email], Right.RECORD) for email in (ANNA, GESA, IDA)
    ):
        return
    found = zip(ERRANDS, annas(people[ANNA], len(ERRANDS)), strict=False)
    _complain(people, at)
    for (who, ago, what, days, to, because), customer in found:
        then = at - timedelta(days=ago)
        due = timezone.localdate(then) + timedelta(days=days)
        made = set_task(customer, Errand(what, due, people[who]), actor=people[who], at=then)
        if to:
            hand_over(made, people[to], because, actor=people[who], at=then)


def _complain(people: dict[str, User], at: datetime) -> None:
    """Ida opens those of Anna's customers; all but the latest went to Anna and are solved."""
    of_annas = Interaction.objects.standing().filter(
        kind="complaint", customer__confidential=False, happened_at__lt=at,
        customer__assignments__representative__user=people[ANNA],
        customer__assignments__ends=None,
    )  # fmt: skip
    for happened in of_annas.newest_first()[:STILL_OPEN]:
        complaints.open_complaint(happened, actor=people[IDA], at=happened.happened_at)
    before = of_annas.filter(happened_at__lt=at - LONGEST, complaint=None).newest_first()
    for happened, how in zip(before[: len(SOLVED)], SOLVED, strict=False):
        _solve(happened, how, people)


def _solve(happened: Interaction, how: Solved, people: dict[str, User]) -> None:
    hours, days, cost = how
    begins, said = happened.happened_at, happened.open("note")
    answered, solved = begins + timedelta(hours=hours), begins + timedelta(days=days)
    cause = next((cause for word, cause in CAUSES.items() if word in said), "other")
    ida, anna = people[IDA], people[ANNA]
    made = complaints.open_complaint(happened, actor=ida, at=begins)
    if answered < solved:
        complaints.answer(made, "Wir klären das und melden uns.", actor=ida, at=answered)
    complaints.hand_over(made, anna, "Bitte vor Ort klären.", actor=ida, at=answered)
    complaints.solve(made, "Mit dem Kunden geklärt.", actor=anna, at=solved)
    complaints.assess(made, cause, Decimal(cost), actor=anna, at=solved)


def annas(anna: User, number: int) -> list[Customer]:
    """Her largest regular customers."""
    served = Assignment.objects.filter(representative__user=anna, ends=None)
    hers = {"customer__in": served.values("customer"), "customer__confidential": False}
    regular = Estimate.objects.filter(run=latest_run(), stage="regular", **hers)
    return [
        each.customer
        for each in regular.select_related("customer").order_by("-year_net_revenue")[1 : number + 1]
    ]
