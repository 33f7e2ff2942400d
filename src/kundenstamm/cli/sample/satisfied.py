"""What the sample company's customers answered when they were asked how satisfied they are."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from kundenstamm.care.models import Survey
from kundenstamm.care.survey_actions import OPEN, default_question
from kundenstamm.cli.sample.waiting import ANNA
from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Assignment, Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.lifecycle.queries.runs import latest_run

# Days ago, score, what was said, a remark; None: not answered.
ANSWERS: tuple[tuple[int, int | None, str, str], ...] = (
    (6, 3, "Lieferungen kamen zuletzt zweimal zu spät.", "Bitte rufen Sie mich an, bevor Sie neu "
     "disponieren."),
    (9, 10, "Nichts, weiter so.", ""), (12, 9, "", "Die Beratung vor Ort ist viel wert."),
    (18, 8, "Rechnungen gern gesammelt am Monatsende.", ""), (24, None, "", ""),
    (27, 9, "", ""), (33, 7, "Mehr Muster im Lager.", ""), (38, 10, "", ""), (45, None, "", ""),
    (51, 6, "Die Hotline ist schwer zu erreichen.", ""), (58, 9, "Schnellere Angebote.", ""),
    (64, 10, "", "Sehr zufrieden mit der Betreuung."), (70, 8, "", ""), (77, None, "", ""),
    (83, 9, "", ""), (88, 2, "Falsche Ware, und niemand meldete sich.", ""), (95, 10, "", ""),
    (104, None, "", ""), (110, 8, "", ""), (121, 9, "Liefertermine einhalten.", ""),
)  # fmt: skip


@transaction.atomic
def judge_us(*, at: datetime) -> None:
    """Let regular customers of every representative answer, once; Anna's largest gave 3."""
    if Survey.objects.exists() or (run := latest_run()) is None:
        return
    served = Assignment.objects.filter(ends=None, representative__user__isnull=False)
    regular = Estimate.objects.filter(
        run=run, stage="regular", customer__confidential=False,
        customer__in=served.values("customer"),
    )  # fmt: skip
    found = list(regular.select_related("customer").order_by("-year_net_revenue")[:60])
    serving = {each.customer_id: each.representative.user for each in served.select_related(
        "representative__user"
    )}  # fmt: skip
    able = [
        each.customer
        for each in found
        if (person := serving[each.customer_id]) and may(person, Right.RECORD)
    ]
    # Stable: the rest stays in its order.
    first = next((each for each in able if _email(serving[each.pk]) == ANNA), None)
    able.sort(key=lambda each: each != first)
    for customer, told in zip(able, ANSWERS, strict=False):
        person = serving[customer.pk]
        if person is not None:
            _answered(customer, person, told, at)


def _email(person: User | None) -> str:
    return person.email if person else ""


def _answered(
    customer: Customer, by: User, told: tuple[int, int | None, str, str], at: datetime
) -> None:
    ago, score, said, remark = told
    then = at - timedelta(days=ago)
    made = Survey(
        customer=customer, language=Survey.Language.DE, asked_by=by,
        question=default_question(profile(), Survey.Language.DE),
        asked_at=then - timedelta(days=2), open_until=then + OPEN,
        score=score, answered_at=None if score is None else then,
    )  # fmt: skip
    made.put("said", said)
    made.put("remark", remark)
    made.save()
