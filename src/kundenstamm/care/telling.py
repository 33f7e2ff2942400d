"""What this room tells of a customer: what was recorded, complaints on their way, tasks,
how satisfied it said it is."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kundenstamm.care import queries
from kundenstamm.care.models import ComplaintStep, Interaction, Task, TaskStep
from kundenstamm.care.survey_queries import asked_of
from kundenstamm.customers.timeline import Asked, Department, Event, Kind, Source, local_day

SALES, SERVICE = Department.SALES, Department.SERVICE
# By the kinds of interactions; the steps of a complaint stand with complaints.
RECORDED = tuple(
    Kind(name, label, SERVICE if name in ("support", "complaint") else SALES)
    for name, label in (
        ("visit", _("Visits")),
        ("call", _("Calls")),
        ("mail", _("Mails")),
        ("note", _("Notes")),
        ("rival", _("Rivals seen")),
        ("support", _("Support")),
        ("complaint", _("Complaints")),
    )
)
COMPLAINT = RECORDED[-1]
TASK = Kind("task", _("Tasks"), SALES)
SURVEY = Kind("survey", _("Satisfaction"), SERVICE)

_STEPS = {
    ComplaintStep.Kind.ANSWERED: gettext_noop("Complaint answered"),
    ComplaintStep.Kind.HANDED_OVER: gettext_noop("Complaint handed over: {before} → {after}"),
    ComplaintStep.Kind.CLASSED: gettext_noop("Class of the complaint changed"),
    ComplaintStep.Kind.ESCALATED: gettext_noop("Complaint escalated"),
    ComplaintStep.Kind.SOLVED: gettext_noop("Complaint solved"),
    ComplaintStep.Kind.REOPENED: gettext_noop("Complaint opened again"),
}
_TASKS = {
    TaskStep.Kind.HANDED_OVER: gettext_noop("Task handed over: {before} → {after}"),
    TaskStep.Kind.PUT_OFF: gettext_noop("Task put off to {due}"),
    TaskStep.Kind.ENDED: gettext_noop("Task ended: {outcome}"),
}


def interactions(asked: Asked) -> list[Event]:
    """All that stand; those that were withdrawn have their own page."""
    kinds = [kind.name for kind in RECORDED if kind.name in asked.kinds]
    known = queries.standing(asked.actor).filter(customer=asked.customer, kind__in=kinds)
    found = known.filter(day__lte=asked.through).select_related(
        "author", "contact", "source", "complaint"
    )
    return [_recorded(each) for each in found[: asked.limit]]


def _recorded(each: Interaction) -> Event:
    by = each.author or each.source
    opened = getattr(each, "complaint", None)
    evidence = ("complaint", opened.key) if opened else ("interaction", each.key)
    told = {"kind": each.get_kind_display()}
    return Event(
        each.kind, each.day, "{kind}", told, each.happened_at, by.name if by else "", evidence, each
    )


def complaint_steps(asked: Asked) -> list[Event]:
    """How a complaint went on; that it was made is an interaction."""
    known = ComplaintStep.objects.visible_to(asked.actor).filter(customer=asked.customer)
    standing = known.filter(at__lt=asked.before, complaint__interaction__withdrawn_at=None)
    related = standing.select_related("by", "from_owner", "to_owner", "complaint")
    return [
        Event(
            "complaint", local_day(each.at), _STEPS[ComplaintStep.Kind(each.kind)], _passed(each),
            each.at, each.by.name, ("complaint", each.complaint.key), each,
        )
        for each in related.order_by("-at", "-pk")[: asked.limit]
    ]  # fmt: skip


def tasks_set(asked: Asked) -> list[Event]:
    known = Task.objects.visible_to(asked.actor).filter(customer=asked.customer)
    found = known.filter(created_at__lt=asked.before).select_related("created_by", "owner")
    says = gettext_noop("Task set for {owner}, until {due}")
    return [
        Event(
            "task", local_day(each.created_at), says, {"owner": each.owner.name, "due": each.due},
            each.created_at, each.created_by.name, ("task", each.key), each,
        )
        for each in found.order_by("-created_at", "-pk")[: asked.limit]
    ]  # fmt: skip


def task_steps(asked: Asked) -> list[Event]:
    """Handed over, put off, ended with an outcome."""
    known = TaskStep.objects.visible_to(asked.actor).filter(customer=asked.customer)
    found = known.filter(at__lt=asked.before)
    related = found.select_related("by", "from_owner", "to_owner", "task")
    return [
        Event(
            "task", local_day(each.at), _TASKS[TaskStep.Kind(each.kind)],
            _passed(each) | {"due": each.to_due, "outcome": each.task.get_outcome_display()},
            each.at, each.by.name, ("task", each.task.key), each,
        )
        for each in related.order_by("-at", "-pk")[: asked.limit]
    ]  # fmt: skip


def surveys(asked: Asked) -> list[Event]:
    """That the customer was asked how satisfied it is, and what it answered by the link."""
    known = asked_of(asked.actor, [asked.customer.pk])
    # Answers come after the questions, and there are few: one statement reads both.
    sent = list(known.filter(asked_at__lt=asked.before).select_related("asked_by"))
    asks, gave = gettext_noop("Asked how satisfied"), gettext_noop("Gave {score} of 10")
    asks_after = gettext_noop("Asked how a complaint was handled")
    gave_after = gettext_noop("Gave {score} of 10 for how a complaint was handled")
    told = [
        Event("survey", local_day(each.asked_at), asks_after if each.complaint_id else asks, {},
              each.asked_at, each.asked_by.name,
              ("survey", each.key))
        for each in sent
    ] + [
        Event("survey", local_day(each.answered_at), gave_after if each.complaint_id else gave,
              {"score": each.score}, each.answered_at, "", ("survey", each.key), each)
        for each in sent
        if each.answered_at is not None and each.answered_at < asked.before
    ]  # fmt: skip
    return sorted(told, key=lambda event: event.place, reverse=True)[: asked.limit]


def _passed(each: ComplaintStep | TaskStep) -> dict[str, Any]:
    """From whom to whom, if it was handed over."""
    before, after = each.from_owner, each.to_owner
    return {"before": before.name if before else "", "after": after.name if after else ""}


SOURCES = (
    Source(RECORDED, interactions),
    Source((COMPLAINT,), complaint_steps),
    Source((TASK,), tasks_set),
    Source((TASK,), task_steps),
    Source((SURVEY,), surveys),
)
