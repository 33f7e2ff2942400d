"""Whatever happens: never a customer or task that is nobody's, never a right left.

People join, serve, take over, stand in for each other, are feared to leave, give notice, are gone
by a button or by the hour, and come back or are erased; some are away for days, and come back
sooner or not at all; customers are made confidential; days pass.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from kundenstamm.care.models import Task
from kundenstamm.care.standing_in import knows
from kundenstamm.care.task_actions import Errand, set_task
from kundenstamm.customers import actions as customer_actions
from kundenstamm.customers import bulk
from kundenstamm.customers.models import Assignment, BulkAct, Customer, Grant, Representative
from kundenstamm.customers.timeline import local_day
from kundenstamm.departures import absences, actions, ending, erasing, planning, returning
from kundenstamm.departures.holdings import held_by
from kundenstamm.departures.joining.taking_over import Plan, take_over
from kundenstamm.departures.models import Absence, Departure, HandoverLine, State
from kundenstamm.departures.tests.conftest import AT, DAY
from kundenstamm.guard import endings
from kundenstamm.guard.acting import name_actor
from kundenstamm.guard.models import User
from kundenstamm.guard.people import NOWHERE, is_erased
from kundenstamm.guard.people_actions import accept, invite
from kundenstamm.guard.rights import Forbidden
from kundenstamm.kit.postgres.roles import APP

NUMBERS = st.integers(0, 9)
PASSWORD = "ein langes Wort und noch eins 7"


class Leaving(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.at, self.joined = AT, 0
        self.example = transaction.atomic()
        self.example.__enter__()
        self.frieda = User.objects.get(name="Frieda")

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def by(self):
        return {"actor": self.frieda, "at": self.at}

    def one(self, found, number):
        found = list(found.order_by("pk"))
        return found[number % len(found)] if found else None

    def active(self):
        return Representative.objects.filter(user__is_active=True)

    def departure(self, number, *states):
        return self.one(Departure.objects.filter(state__in=states), number)

    @rule()
    def join(self):
        self.joined += 1
        name = f"Neu{self.joined}"
        token = invite(f"{name}@example.com", name, "representative", **self.by())
        person = accept(token, PASSWORD, at=self.at)
        Representative.objects.create(code=name, name=name, user=person)

    @rule(customer=NUMBERS, to=NUMBERS, after=st.sampled_from([-30, 0, 3]))
    def assign(self, customer, to, after):
        customer, to = self.one(Customer.objects, customer), self.one(self.active(), to)
        if to is not None and knows(self.frieda, customer.pk):
            starts = local_day(self.at) + timedelta(days=after)
            customer_actions.assign(customer, to, starts, **self.by())

    @rule(customer=NUMBERS, owner=NUMBERS)
    def set_task(self, customer, owner):
        customer = self.one(Customer.objects, customer)
        owner = self.one(User.objects.filter(is_active=True), owner)
        with suppress(ValidationError, Forbidden):
            errand = Errand("Anrufen", local_day(self.at), owner)
            set_task(customer, errand, **self.by())

    @rule(customer=NUMBERS, person=NUMBERS)
    def stand_in(self, customer, person):
        customer = self.one(Customer.objects, customer)
        person = self.one(User.objects.filter(is_active=True), person)
        with suppress(Forbidden):
            customer_actions.open_to(person, customer, "Vertretung", **self.by())

    @rule(customer=NUMBERS)
    def keep_confidential(self, customer):
        customer = self.one(Customer.objects, customer)
        # Who has a task there, or serves it, is let in first, as people do.
        for task in Task.objects.filter(customer=customer, ended_at=None):
            customer_actions.open_to(task.owner, customer, "Aufgabe", **self.by())
        customer_actions.keep_confidential(customer, **self.by())

    @rule(person=NUMBERS, deputy=NUMBERS, after=st.integers(0, 2), days=st.integers(0, 3))
    def send_away(self, person, deputy, after, days):
        person = self.one(User.objects.filter(representative__isnull=False), person)
        deputy = self.one(User.objects.filter(is_active=True), deputy)
        starts = local_day(self.at) + timedelta(days=after)
        with suppress(ValidationError):
            absences.send_away(person, deputy, starts, starts + timedelta(days=days), **self.by())

    @rule(number=NUMBERS)
    def call_back(self, number):
        found = self.one(Absence.objects, number)
        with suppress(ValidationError):
            if found is not None:
                absences.call_back(found, **self.by())

    @rule(person=NUMBERS)
    def fear(self, person):
        person = self.one(User.objects.filter(representative__isnull=False, is_active=True), person)
        with suppress(ValidationError, Forbidden):
            if person is not None:
                actions.fear(person, "Gerücht", **self.by())

    @rule(number=NUMBERS, days=st.integers(1, 3))
    def give_notice(self, number, days):
        found = self.departure(number, State.FEARED, State.NOTICE)
        if found is not None:
            actions.give_notice(found, self.at + days * DAY, **self.by())

    @rule(number=NUMBERS)
    def withdraw(self, number):
        found = self.departure(number, State.FEARED, State.NOTICE)
        if found is not None:
            actions.withdraw(found, **self.by())

    @rule(number=NUMBERS)
    def propose(self, number):
        found = self.departure(number, State.FEARED, State.NOTICE)
        with suppress(ValidationError):
            if found is not None:
                planning.propose(found, **self.by())

    @rule(number=NUMBERS, to=NUMBERS)
    def choose(self, number, to):
        line, to = self.one(HandoverLine.objects, number), self.one(self.active(), to)
        with suppress(ValidationError):
            if line is not None:
                planning.choose(line, to, **self.by())

    @rule(person=NUMBERS, chosen=st.sets(NUMBERS, max_size=3), after=st.sampled_from([0, 3]))
    def take_over(self, person, chosen, after):
        """Somebody new or not so new gets customers; whoever has a first contact may know whom."""
        person = self.one(User.objects.filter(is_active=True), person)
        customers = {self.one(Customer.objects, number).pk for number in chosen}
        plan = Plan(local_day(self.at) + timedelta(days=after), weekly=2, together=1)
        with suppress(ValidationError, Forbidden):
            take_over(person, customers, plan, **self.by())
            for task in Task.objects.filter(customer__in=customers, created_at=self.at):
                assert task.ended_at or knows(task.owner, task.customer_id), task

    @rule(number=NUMBERS)
    def undo_a_take_over(self, number):
        act = self.one(BulkAct.objects.filter(undone_at=None), number)
        if act is not None:
            bulk.undo(act, **self.by())
            ending.follow(**self.by())

    @rule(number=NUMBERS)
    def end_at_once(self, number):
        """By the button, behind both walls; the job does the rest."""
        found = self.departure(number, State.FEARED, State.NOTICE)
        if found is None:
            return
        with transaction.atomic(), connection.cursor() as cursor:
            name_actor(self.frieda, at=self.at)
            cursor.execute(f"SET LOCAL ROLE {APP}")
            ending.end_rights(found, **self.by())
            cursor.execute("RESET ROLE")
        assert not User.objects.get(pk=found.person_id).is_active
        ending.follow(**self.by())

    @rule()
    def a_day_passes(self):
        self.at += DAY
        name_actor(None, at=self.at)
        ending.follow(**self.by())
        absences.follow(**self.by())

    @rule(number=NUMBERS)
    def close(self, number):
        found = self.departure(number, State.GONE)
        if found is not None:
            actions.close(found, **self.by())

    @rule(number=NUMBERS)
    def erase(self, number):
        """Only who is gone for good; the same person is never erased twice."""
        found = self.departure(number, *State)
        if found is None:
            return
        person = User.objects.get(pk=found.person_id)
        may = found.state == State.CLOSED and not person.is_active
        was = is_erased(person)
        try:
            erasing.erase(found, **self.by())
        except ValidationError:
            assert not may or was
        else:
            assert may
            assert not was

    @rule(number=NUMBERS)
    def come_back(self, number):
        found = self.departure(number, State.GONE)
        if found is not None:
            link = returning.take_back(found, **self.by())
            back = accept(link, PASSWORD, at=self.at)
            assert set(endings.left(back, at=self.at)) == {"account", "password", "invitation"}

    @invariant()
    def nothing_is_nobodys(self):
        day = local_day(self.at)
        for customer in Customer.objects.all():
            serving = [
                each.representative.user
                for each in Assignment.objects.filter(customer=customer, starts__lte=day)
                if each.ends is None or each.ends >= day
            ]
            assert serving, customer
            assert all(user is not None and user.is_active for user in serving), customer
            people = User.objects.filter(is_active=True)
            assert any(knows(person, customer.pk) for person in people), customer
        for task in Task.objects.filter(ended_at=None):
            assert task.owner.is_active, task

    @invariant()
    def nobody_stands_in_longer_than_somebody_is_away(self):
        """What the deputy was given ends with the absence, unless somebody made it lasting."""
        for each in Absence.objects.all():
            given = Assignment.objects.filter(pk__in=each.assignments)
            assert not given.filter(ends__gt=each.ends).exists(), each
            assert not given.filter(ends__lt=each.starts).exists(), each
            opened = Grant.objects.filter(pk__in=each.openings)
            assert not opened.filter(ends_at=None).exists(), each
        today = local_day(self.at)
        for each in Absence.objects.lasting(today):
            assert each.person.is_active, each
            assert each.deputy.is_active, each

    @invariant()
    def nothing_tells_who_was_erased(self):
        for person in User.objects.filter(email__endswith=NOWHERE):
            assert not person.is_active
            assert endings.left(person, at=self.at) == held_by(person, local_day(self.at)) == {}
            served = Representative.objects.filter(user=person)
            assert not served.exclude(name=person.name).exists()
            assert not served.filter(code__in=("A", "B", "Neu1")).exists()

    @invariant()
    def nothing_is_left_to_who_is_gone(self):
        for gone in Departure.objects.filter(state=State.GONE):
            person = User.objects.get(pk=gone.person_id)
            assert endings.left(person, at=self.at) == {}
            assert held_by(person, local_day(self.at)) == {}


def test_nothing_is_orphaned_whatever_happens(base):
    profile = settings(max_examples=2, stateful_step_count=12, deadline=None)
    run_state_machine_as_test(Leaving, settings=profile)


@pytest.mark.slow
def test_nothing_is_orphaned_for_long(base):
    profile = settings(max_examples=120, stateful_step_count=40, deadline=None)
    run_state_machine_as_test(Leaving, settings=profile)
