"""What happened with every customer of the cast, and what is to be done about it."""

from __future__ import annotations

from datetime import timedelta

from kundenstamm.care.complaint_actions import ensure_classes
from kundenstamm.care.models import (
    Attachment,
    Complaint,
    ComplaintStep,
    Interaction,
    Mention,
    Survey,
    Task,
    TaskStep,
)
from kundenstamm.chain.actions import reckon_all
from kundenstamm.chain.models import SellThrough
from kundenstamm.customers.models import ChainLink, Customer, Representative
from kundenstamm.departures.models import Absence, Departure, HandoverLine, KnowledgeSheet, Point
from kundenstamm.guard.models import User
from kundenstamm.guard.sealed_fields import place_of
from kundenstamm.guard.sealed_files import fresh_key, seal_file
from kundenstamm.ledger.models import Source
from kundenstamm.lifecycle.models import StageChange
from kundenstamm.playbooks.models import Play, Playbook, PlayTask
from kundenstamm.pursuits.models import (
    Pursuit,
    PursuitChange,
    PursuitNeed,
    PursuitSpending,
    PursuitStep,
    Scenario,
    ScenarioPursuit,
)
from kundenstamm.relations.models import Colleague, Correction
from kundenstamm.relations.reckoning import reckon_all as reckon_relations
from kundenstamm.serving.models import Pool
from kundenstamm.today.models import Answer, Step
from tests.wall.days import AT, TODAY


def note(frieda: User) -> None:
    """A note about every customer, and a call that was withdrawn, each naming it."""
    for customer in Customer.objects.all():
        told = {"customer": customer, "happened_at": AT, "day": TODAY, "author": frieda}
        note = Interaction(kind="note", recorded_at=AT, **told)
        note.put("note", f"Notiz {customer.name}")
        note.save()
        Interaction.objects.create(
            kind="call", direction="we", recorded_at=AT, withdrawn_at=AT, withdrawn_by=frieda,
            withdrawn_because=f"Irrtum {customer.name}", **told,
        )  # fmt: skip


def attach(frieda: User) -> None:
    """To the note about every customer a file whose name and words name it, and one taken away."""
    for note in Interaction.objects.filter(kind="note").select_related("customer"):
        told = {"interaction": note, "customer": note.customer, "attached_by": frieda}
        told |= {"attached_at": AT, "size": 9}
        made, key = Attachment(**told), fresh_key()
        made.put("name", f"Vertrag {note.customer.name}.txt")
        made.put("opening", f"{key} 0")
        place = place_of(Attachment, "content", made.key)
        made.content = seal_file(f"Zu {note.customer.name}".encode(), place, key)
        made.save()
        gone = Attachment(removed_at=AT, removed_by=frieda, content=b"", **told)
        gone.put("name", f"Irrtum {note.customer.name}.txt")
        gone.save()


def complain(frieda: User) -> None:
    """An open complaint of every customer, late and handed over, and one that was solved."""
    minor = ensure_classes()[-1]
    told = {
        "of_class": minor,
        "owner": frieda,
        "opened_by": frieda,
        "opened_at": AT,
        "recorded_at": AT,
    }
    for customer in Customer.objects.all():
        for solved in (None, AT):
            happened = Interaction.objects.create(
                customer=customer, kind="complaint", reached=True, happened_at=AT, day=TODAY,
                author=frieda, recorded_at=AT,
            )  # fmt: skip
            made = Complaint.objects.create(
                customer=customer, interaction=happened, answer_due=AT, solve_due=AT,
                answered_at=solved, solved_at=solved, cause="late", cost=5, **told,
            )  # fmt: skip
            step = ComplaintStep(
                complaint=made, customer=customer, kind="answered", at=AT, by=frieda
            )
            step.put("said", f"Zusage {customer.name}")
            step.save()


def set_tasks(people: dict[str, User]) -> None:
    """A task about every customer, for each of who records, handed to them by Frieda."""
    told = {"created_by": people["Frieda"], "created_at": AT, "due": TODAY}
    for customer in Customer.objects.all():
        told["complaint"] = customer.complaints.get(solved_at=None)
        for name in ("Anna", "Bernd", "Greta", "Hanno", "Frieda"):
            made = Task(customer=customer, owner=people[name], **told)
            made.put("what", f"Aufgabe {customer.name}")
            made.save()
        step = TaskStep(
            task=made, customer=customer, kind="handed_over", at=AT, by=people["Frieda"],
            from_owner=people["Anna"], to_owner=people["Frieda"],
        )  # fmt: skip
        step.put("because", f"Grund {customer.name}")
        step.save()


def prepare(people: dict[str, User]) -> None:
    """A step for every customer that names it, and answers to what it was before.

    A complaint does not rest because of these, nor of a conversation: both are on the list.
    """
    told = {"as_of": TODAY, "minutes": 15, "cause": "complaint", "value_class": "A", "allowed": 14,
            "silence": 60, "p_now": 0.5}  # fmt: skip
    for n, customer in enumerate(Customer.objects.all(), start=1):
        said = {"msgid": "Nie mehr {name}.", "params": {"name": customer.name}}
        Step.objects.create(customer=customer, reason=said, cost_of_waiting=n, **told)
        for name, of in (("Anna", "rival"), ("Frieda", "drift"), ("Bernd", "expiry")):
            made = Answer(
                customer=customer, kind="not_now", by=people[name], at=AT, day=TODAY,
                rests_until=TODAY + timedelta(days=1), cause=of, minutes=15, cost_of_waiting=n,
            )  # fmt: skip
            made.put("because", f"Keine Zeit {customer.name}")
            made.save()


def mention(people: dict[str, User]) -> None:
    """In the note about every customer, each of who records."""
    for note in Interaction.objects.filter(kind="note"):
        for name in ("Anna", "Bernd", "Greta", "Hanno", "Frieda"):
            Mention.objects.create(
                interaction=note, customer_id=note.customer_id, person=people[name]
            )


def play(people: dict[str, User]) -> None:
    """A playbook that runs for every customer: its one step is Frieda's task, begun by her."""
    new = Playbook.objects.create(stage="new", switched_on_at=AT)
    new.steps.create(position=1, what="Anrufen", function="representative", due_days=3)
    for change in StageChange.objects.select_related("customer"):
        made = Play(
            customer=change.customer, playbook=new, change=change, by_hand=True, started_at=AT,
            started_by=people["Frieda"],
        )  # fmt: skip
        made.put("because", f"Grund {change.customer.name}")
        made.save()
        task = Task.objects.get(customer=change.customer, owner=people["Frieda"])
        PlayTask.objects.create(play=made, customer=change.customer, task=task, position=1)


def survey(frieda: User) -> None:
    """Every customer was asked how satisfied it is, and has answered with its name."""
    for customer in Customer.objects.all():
        made = Survey(
            customer=customer, contact=customer.contacts.first(), language="de",
            question="Was sollten wir besser machen?", asked_by=frieda, asked_at=AT,
            open_until=AT + timedelta(days=30), answered_at=AT, score=3,
        )  # fmt: skip
        made.put("said", f"Antwort {customer.name}")
        made.put("remark", f"Bemerkung {customer.name}")
        made.save()


def sell_on(frieda: User) -> None:
    """Reports by everybody: of a stranger, and of whomever a link says they supply."""
    source = Source.objects.create(name="Meldungen")
    told = {"first_day": TODAY - timedelta(days=30), "last_day": TODAY, "source": source}
    for customer in Customer.objects.all():
        SellThrough.objects.create(
            dealer=customer, end_name=f"Fremd {customer.name}", amount=10,
            document=f"Meldung{customer.name}", **told,
        )  # fmt: skip
    for link in ChainLink.objects.select_related("upstream", "downstream"):
        SellThrough.objects.create(
            dealer=link.upstream, end_customer=link.downstream, amount=50,
            document=f"Meldung{link.upstream.name}{link.downstream.name}", **told,
        )  # fmt: skip
    reckon_all(TODAY, actor=frieda, at=AT)


def hold(frieda: User) -> None:
    """Of every customer somebody said who knows it, with a reason that names it; then reckoned."""
    reckon_relations(TODAY, actor=frieda, at=AT)
    knows = Colleague.objects.get(user=frieda)
    for customer in Customer.objects.all():
        made = Correction(
            customer=customer, colleague=knows, says="knows", day=TODAY, by=frieda, at=AT
        )
        made.put("because", f"Kennt {customer.name} vom Segeln")
        made.save()
    reckon_relations(TODAY, actor=frieda, at=AT)


def pursue(frieda: User) -> None:
    """Every customer is pursued, too: a sheet whose step, spending and history name it."""
    pool = Pool.objects.get()
    for customer in Customer.objects.all():
        made = Pursuit.objects.create(
            customer=customer, owner=frieda, turnover=1_000, margin="0.4", ramp=1,
            first_month=TODAY.replace(day=1), opened_by=frieda, opened_at=AT, limit=9,
            state="go", figures={"turnover": 1_000, "comparable": 0},
        )  # fmt: skip
        told = {"pursuit": made, "customer": customer}
        PursuitNeed.objects.create(pool=pool, minutes=5, **told)
        step = PursuitStep(position=1, minutes=10, **told)
        step.put("what", f"Besuch bei {customer.name}")
        step.save()
        spent = PursuitSpending(day=TODAY, money=1, cost=1, booked_by=frieda, booked_at=AT, **told)
        spent.put("what", f"Fahrt zu {customer.name}")
        spent.save()
        change = PursuitChange(before="parked", after="considering", by=frieda, at=AT, **told)
        change.put("because", f"Anlass {customer.name}")
        change.save()
    for person in User.objects.filter(name__in=["Anna", "Frieda"]):
        _think_through(person)


def _think_through(person: User) -> None:
    """A scenario of theirs that speaks of every pursuit, also of those they may not know."""
    scenario = Scenario(owner=person, name="Szenario", made_at=AT)
    scenario.put("note", "Nur gedacht")
    scenario.save()
    for pursuit in Pursuit.objects.all():
        ScenarioPursuit.objects.create(
            scenario=scenario, pursuit=pursuit, customer=pursuit.customer, taken=True, more=1,
            more_month=TODAY.replace(day=1),
        )  # fmt: skip


def depart(people: dict[str, User]) -> None:
    """Clara leaves: somebody takes every customer over, and a sheet names what must not be lost.

    Hanno is feared to leave, and a line of that names every customer, too.
    """
    bernd = Representative.objects.get(code="Bernd")
    said = {"opened_by": people["Frieda"], "opened_at": AT, "rooms": {str(bernd.pk): 20}}
    leaving = {"state": "notice", "noticed_at": AT, "leaves_at": AT + timedelta(days=30)}
    teams = sorted(people["Clara"].teams.values_list("pk", flat=True))
    Absence.objects.create(
        person=people["Anna"], deputy=people["Bernd"], starts=TODAY + timedelta(days=90),
        ends=TODAY + timedelta(days=97), entered_by=people["Frieda"], entered_at=AT,
    )  # fmt: skip
    known = Departure.objects.create(person=people["Clara"], teams=teams, **leaving, **said)
    feared = Departure.objects.create(person=people["Hanno"], teams=teams, **said)
    for departure in (known, feared):
        departure.put("because", "Grund Fortgang")
        departure.save()
        Point.objects.create(departure=departure, what="rights")
        for customer in Customer.objects.all():
            HandoverLine.objects.create(
                departure=departure, customer=customer, value=1_000, at_risk=150, proposed=bernd,
                saves={str(bernd.pk): 10},
            )  # fmt: skip
    for customer in Customer.objects.all():
        sheet = KnowledgeSheet(
            departure=known, customer=customer, contact=customer.contacts.first(),
            written_by=people["Frieda"], written_at=AT,
        )  # fmt: skip
        sheet.put("matters", f"Wichtig {customer.name}")
        sheet.save()
