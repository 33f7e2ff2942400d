"""A new colleague takes customers over: served by them, with what is open, and met one by one.

It is one act of handing over (`customers.bulk`), so it stands among what was done to many at once
and is undone there; `undoing` takes back what is done along with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kundenstamm.care import complaint_actions, task_actions
from kundenstamm.care.models import Complaint, Task
from kundenstamm.care.standing_in import knows
from kundenstamm.care.task_actions import Errand, set_task
from kundenstamm.customers import bulk
from kundenstamm.customers.actions import open_to
from kundenstamm.customers.models import Assignment, BulkAct, Customer, Grant, Representative
from kundenstamm.customers.timeline import local_day
from kundenstamm.departures.bound import values
from kundenstamm.departures.holdings import representative_for
from kundenstamm.departures.joining.proposing import MOST, demand_newcomer
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Reach, Right, may, reach_of
from kundenstamm.pursuits.models import Pursuit
from kundenstamm.worth.handover.joining import first_contacts

# What an act of handing over is told, so that undoing it knows what else there was.
ALONG = "joining"
LATEST = timedelta(days=90)
MOST_A_WEEK = 50


@dataclass(frozen=True)
class Plan:
    """From which day on; so many first contacts a week; so many of the most valuable together."""

    starts: date
    weekly: int = 8
    together: int = 15


@transaction.atomic
def take_over(
    newcomer: User, customers: Iterable[int], plan: Plan, *, actor: User, at: datetime
) -> BulkAct | None:
    """The newcomer alone serves these customers from a day on; None if all were so already.

    Open tasks and complaints of who held them go along. The newcomer has a task for each first
    contact, the most valuable first; on some of them goes who held the customer, who has one, too,
    and to whom it stays open until then. Before the day the customers are opened to the newcomer.

    Raises
    ------
    Forbidden
        The actor may not assign customers, or may not know of one of them.
    ValidationError
        One is confidential or is being won, they are none or too many, the plan makes no sense, or
        it is nobody whom the actor can give customers.
    """
    demand_newcomer(newcomer, actor)
    chosen = sorted(set(customers))
    _demand_plan(plan, len(chosen), local_day(at))
    known = list(Customer.objects.visible_to(actor).filter(pk__in=chosen))
    _demand_free(known, actor)
    to = representative_for(newcomer)
    before = _holders(actor, chosen, plan.starts, newcomer)
    told = {"representative": to.pk, "starts": plan.starts.isoformat(), ALONG: True}
    act = bulk.do_to_all(BulkAct.Kind.HAND_OVER, chosen, told, actor=actor, at=at)
    if act is None:
        return None
    changed = set(act.changes.values_list("customer", flat=True))
    worth = values(actor, known)
    order = [each for each in known if each.pk in changed]
    order.sort(key=lambda each: (-worth.get(each.pk, Decimal(0)), each.pk))
    _open_before(order, newcomer, plan.starts, actor, at)
    _pass_on(changed, before, newcomer, actor, at)
    _plan_contacts(order, before, newcomer, plan, actor, at)
    return act


def _demand_plan(plan: Plan, customers: int, today: date) -> None:
    if not customers:
        raise ValidationError(_("Choose at least one customer."))
    if customers > MOST:
        raise ValidationError(_("At most %(most)s customers at once.") % {"most": MOST})
    if not today <= plan.starts <= today + LATEST:
        words = _("Choose a day from today until %(last)s.")
        raise ValidationError({"starts": words % {"last": date_format(today + LATEST)}})
    if not 1 <= plan.weekly <= MOST_A_WEEK:
        words = _("Enter a number from 1 to %(most)s.") % {"most": MOST_A_WEEK}
        raise ValidationError({"weekly": words})
    if not 0 <= plan.together <= MOST:
        words = _("Enter a number from 0 to %(most)s.") % {"most": MOST}
        raise ValidationError({"together": words})


def _demand_free(known: list[Customer], actor: User) -> None:
    secret = [each.name for each in known if each.confidential]
    if secret:
        words = _(
            "%(names)s: confidential. An assignment does not open it; open it to the newcomer on"
            " the customer's page."
        )
        raise ValidationError(words % {"names": ", ".join(secret)})
    won = Pursuit.objects.visible_to(actor).open().filter(customer__in=known)
    pursued = won.values_list("customer__name", flat=True)
    if pursued:
        words = _("%(names)s: being won just now. Give the pursuit to the newcomer first.")
        raise ValidationError(words % {"names": ", ".join(pursued)})


def _holders(
    actor: User, customers: list[int], day: date, newcomer: User
) -> dict[int, Representative]:
    """Customer → who serves it until then and can introduce somebody: who began first."""
    found = Assignment.objects.visible_to(actor).filter(
        Q(ends=None) | Q(ends__gte=day), customer__in=customers
    )
    related = found.exclude(representative__user=newcomer).select_related("representative__user")
    holders: dict[int, Representative] = {}
    for each in related.order_by("starts", "pk"):
        person = each.representative.user
        if person is None or may(person, Right.RECORD):
            holders.setdefault(each.customer_id, each.representative)
    return holders


def _open_before(
    customers: list[Customer], newcomer: User, starts: date, actor: User, at: datetime
) -> None:
    """To read and to be introduced, one must know the customer before one serves it."""
    for each in customers if starts > local_day(at) else ():
        if not knows(newcomer, each.pk):
            because = _("Gets to know it: takes over on %(day)s") % {"day": date_format(starts)}
            open_to(newcomer, each, because, actor=actor, at=at, ends_at=_end_of(starts))


def _pass_on(
    customers: set[int],
    before: dict[int, Representative],
    newcomer: User,
    actor: User,
    at: datetime,
) -> None:
    """What is open goes along: who held the customer may not know of it any more."""
    owned: dict[int, set[int]] = defaultdict(set)
    for customer in customers & set(before):
        if (user := before[customer].user_id) is not None:
            owned[user].add(customer)
    for owner, theirs in owned.items():
        because = _("%(name)s takes over") % {"name": newcomer.name}
        tasks = Task.objects.visible_to(actor).filter(ended_at=None, customer__in=theirs)
        for task in tasks.filter(owner=owner).order_by("pk"):
            task_actions.hand_over(task, newcomer, because, actor=actor, at=at)
        complaints = Complaint.objects.visible_to(actor).filter(solved_at=None)
        for complaint in complaints.filter(owner=owner, customer__in=theirs).order_by("pk"):
            complaint_actions.hand_over(complaint, newcomer, because, actor=actor, at=at)


def _plan_contacts(
    customers: list[Customer], before: dict[int, Representative], newcomer: User, plan: Plan,
    actor: User, at: datetime,
) -> None:  # fmt: skip
    """The most valuable first, and together with who held them, as far as there is somebody."""
    days = first_contacts(len(customers), max(plan.starts, local_day(at)), plan.weekly)
    together = 0
    for customer, day in zip(customers, days, strict=True):
        holder = before.get(customer.pk)
        if holder is not None and together < plan.together:
            together += 1
            _together(customer, holder, newcomer, day, actor, at)
        else:
            _task(customer, _("Introduce yourself: the first contact"), day, newcomer, actor, at)


def _together(
    customer: Customer, who: Representative, newcomer: User, day: date, actor: User, at: datetime
) -> None:
    """Both go; it stays open to who held it until the end of that day, if they have an account."""
    what = _("Visit together with %(name)s, who introduces you") % {"name": who.name}
    _task(customer, what, day, newcomer, actor, at)
    holder = who.user
    if holder is None:
        return
    if not _keeps(holder, customer, day, actor):
        because = _("Introduces %(name)s") % {"name": newcomer.name}
        open_to(holder, customer, because, actor=actor, at=at, ends_at=_end_of(day))
    what = _("Visit together with %(name)s, and introduce them") % {"name": newcomer.name}
    _task(customer, what, day, holder, actor, at)


def _keeps(holder: User, customer: Customer, day: date, actor: User) -> bool:
    """Whether they know the customer on the day even if they serve it no more."""
    opened = Grant.objects.visible_to(actor).filter(
        Q(ends_at=None) | Q(ends_at__gte=_end_of(day)), person=holder, customer=customer,
        kind=Grant.Kind.OPEN,
    )  # fmt: skip
    by_role = reach_of(holder) is not Reach.OWN and knows(holder, customer.pk)
    return by_role or opened.exists()


def _task(customer: Customer, what: str, day: date, owner: User, actor: User, at: datetime) -> None:
    set_task(customer, Errand(what, day, owner), actor=actor, at=at)


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
