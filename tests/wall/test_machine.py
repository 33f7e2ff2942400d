"""Whatever happens, in whatever order: both walls show each person what the plain policy allows.

People are invited, get other roles and teams, are locked; customers are assigned, handed over,
opened, closed, made confidential; days pass. Each deed is done as the site does it, behind both
walls, on behalf of anybody: who may not is refused.
"""

from __future__ import annotations

from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kundenstamm.customers import actions
from kundenstamm.customers.models import Customer, Grant, Representative
from kundenstamm.customers.queries import running
from kundenstamm.guard import people_actions, team_actions
from kundenstamm.guard.acting import name_actor
from kundenstamm.guard.models import Role, Team, User
from kundenstamm.guard.people_actions import Refused
from kundenstamm.guard.rights import RIGHTS, Forbidden, Right
from kundenstamm.kit.postgres.roles import APP
from tests.wall.conftest import AT, CAST
from tests.wall.test_rows import by_application, by_database

DAY = timedelta(days=1)
# A few, so that deeds meet: with end customers, confidential, handed over, planned, closed.
CUSTOMERS = st.sampled_from(["WortA", "WortC", "WortF", "WortH", "WortM"])
CODES = st.sampled_from(["Anna", "Bernd", "Clara"])
ROLES = st.sampled_from(Role)
STARTS = st.sampled_from([-30 * DAY, 0 * DAY, DAY])


@contextmanager
def as_the_site(person, at):
    with transaction.atomic(), connection.cursor() as cursor:
        name_actor(person, at=at)
        cursor.execute(f"SET LOCAL ROLE {APP}")
        yield
        cursor.execute("RESET ROLE")


def cut(held, starts):
    """What is left of an assignment before a day."""
    code, name, begins, ends = held
    if begins >= starts:
        return []
    return [(code, name, begins, starts - DAY if ends is None or ends >= starts else ends)]


class NeedToKnow(RuleBasedStateMachine):
    people = Bundle("people")
    # Mostly those who may do something at all.
    actors = st.one_of(st.sampled_from(["Frieda", "Greta"]), people)

    def __init__(self, facts):
        super().__init__()
        self.facts, self.at, self.invited = deepcopy(facts), AT, 0
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def user(self, name):
        return User.objects.get(name=name)

    def customer(self, name):
        return Customer.objects.get(name=name)

    def code(self, code):
        return Representative.objects.get(code=code)

    def may(self, actor, right, *customers):
        if actor in self.facts.locked or right not in RIGHTS[self.facts.roles[actor]]:
            return False
        return set(customers) <= self.facts.known(actor)

    def does(self, actor, allowed, deed, *told, **named):
        """The deed is done, or refused to who may not; whether it was done."""
        person = self.user(actor)
        with as_the_site(person, self.at):
            if allowed:
                self.answer = deed(*told, **named, actor=person, at=self.at)
                return True
            with pytest.raises(Forbidden):
                deed(*told, **named, actor=person, at=self.at)
            return False

    @initialize(target=people)
    def cast(self):
        return multiple(*CAST)

    @rule(target=people, actor=actors, role=ROLES)
    def invite(self, actor, role):
        name = f"Neu{self.invited}"
        told = (f"{name}@example.com", name, role)
        if not self.does(actor, self.may(actor, Right.PEOPLE), people_actions.invite, *told):
            return multiple()
        self.invited += 1
        self.facts.roles[name] = role
        return name

    @rule(actor=actors, name=CUSTOMERS, code=CODES, after=STARTS)
    def assign(self, actor, name, code, after):
        starts, allowed = self.facts.today + after, self.may(actor, Right.ASSIGN, name)
        told = (self.customer(name), self.code(code), starts)
        if self.does(actor, allowed, actions.assign, *told):
            self.facts.served = [
                left
                for held in self.facts.served
                for left in (cut(held, starts) if held[1] == name else [held])
            ] + [(code, name, starts, None)]

    @rule(actor=actors, of=CODES, to=CODES, after=STARTS)
    def transfer(self, actor, of, to, after):
        if of == to:
            return
        starts, known = self.facts.today + after, self.facts.known(actor)
        told = (self.code(of), self.code(to), starts)
        if not self.does(actor, self.may(actor, Right.ASSIGN), actions.transfer, *told):
            return
        passed = [
            held
            for held in self.facts.served
            if held[0] == of and held[1] in known and (held[3] is None or held[3] >= starts)
        ]
        assert self.answer == len({name for _code, name, _begins, _ends in passed})
        for held in passed:
            self.facts.served.remove(held)
            rest = (to, held[1], max(held[2], starts), held[3])
            self.facts.served += [*cut(held, starts), rest]

    @rule(actor=actors, person=people, name=CUSTOMERS)
    def open(self, actor, person, name):
        allowed = self.may(actor, Right.GRANT, name)
        told = (self.user(person), self.customer(name), "Vertretung")
        if self.does(actor, allowed, actions.open_to, *told):
            self.facts.opened.append((person, name, True))

    @rule(actor=actors, person=people, name=CUSTOMERS)
    def close(self, actor, person, name):
        allowed = self.may(actor, Right.GRANT, name)
        told = (self.user(person), self.customer(name), "Befangen")
        if self.does(actor, allowed, actions.close_to, *told):
            self.facts.closed.add((person, name))

    def granted(self):
        opened = {(who, name, "open") for who, name, holds in self.facts.opened if holds}
        return sorted(opened | {(who, name, "closed") for who, name in self.facts.closed})

    @precondition(granted)
    @rule(actor=actors, data=st.data())
    def take_back(self, actor, data):
        person, name, kind = data.draw(st.sampled_from(self.granted()))
        grant = Grant.objects.get(
            running(self.at), person__name=person, customer__name=name, kind=kind
        )
        allowed = self.may(actor, Right.GRANT, name)
        if allowed and kind == "open" and self.knows_alone(person, name):
            with pytest.raises(Refused):
                self.does(actor, allowed, actions.take_back, grant)
        elif self.does(actor, allowed, actions.take_back, grant):
            if kind == "closed":
                self.facts.closed.remove((person, name))
            else:
                self.facts.opened = [one for one in self.facts.opened if one[:2] != (person, name)]

    def knows_alone(self, person, name):
        """Whether a confidential customer is open to nobody else who could still come in."""
        others = {who for who, opened, holds in self.facts.opened if opened == name and holds}
        others -= self.facts.locked | {person}
        return name in self.facts.confidential and not others

    @rule(actor=actors, name=CUSTOMERS)
    def keep_confidential(self, actor, name):
        allowed = self.may(actor, Right.GRANT, name)
        done = self.does(actor, allowed, actions.keep_confidential, self.customer(name))
        if done and name not in self.facts.confidential:
            self.facts.confidential.add(name)
            self.facts.opened.append((actor, name, True))

    @rule(actor=actors, name=CUSTOMERS)
    def lift_confidentiality(self, actor, name):
        allowed = self.may(actor, Right.GRANT, name)
        if self.does(actor, allowed, actions.lift_confidentiality, self.customer(name)):
            self.facts.confidential.discard(name)

    @rule(actor=actors, person=people, role=ROLES)
    def give_role(self, actor, person, role):
        if person == "Frieda":  # an owner must remain
            return
        allowed, told = self.may(actor, Right.PEOPLE), (self.user(person), role)
        if self.does(actor, allowed, people_actions.give_role, *told):
            self.facts.roles[person] = role

    @rule(actor=actors, person=people, number=st.sampled_from([0, 1]), join=st.booleans())
    def change_team(self, actor, person, number, join):
        members = self.facts.teams[number] - {person} | ({person} if join else set())
        told = (Team.objects.get(name=f"Team {number}"), [self.user(name) for name in members])
        if self.does(actor, self.may(actor, Right.PEOPLE), team_actions.set_members, *told):
            self.facts.teams[number] = members

    @rule(actor=actors, person=people, leaves=st.booleans())
    def lock(self, actor, person, leaves):
        if person == "Frieda":
            return
        deed = people_actions.lock if leaves else people_actions.unlock
        if self.does(actor, self.may(actor, Right.PEOPLE), deed, self.user(person)):
            (self.facts.locked.add if leaves else self.facts.locked.discard)(person)

    @rule(actor=actors, person=people, code=CODES)
    def link(self, actor, person, code):
        held = {each: self.facts.accounts.get(each, each) for each in ("Anna", "Bernd", "Clara")}
        allowed, told = self.may(actor, Right.PEOPLE), (self.code(code), self.user(person))
        others = {who for each, who in held.items() if each != code}
        if allowed and (held[code] not in ("", person) or person in others):
            with pytest.raises(Refused):
                self.does(actor, allowed, actions.link, *told)
        elif self.does(actor, allowed, actions.link, *told):
            self.facts.accounts[code] = person

    @rule(actor=actors, code=CODES)
    def unlink(self, actor, code):
        if self.does(actor, self.may(actor, Right.PEOPLE), actions.unlink, self.code(code)):
            self.facts.accounts[code] = ""

    @rule()
    def a_day_passes(self):
        self.at += DAY
        self.facts.today += DAY

    @invariant()
    def both_walls_show_what_the_policy_allows(self):
        for name in self.facts.roles:
            person = self.user(name)
            assert by_database(person, Customer, self.at) == self.facts.known(name), name
            assert by_application(person, Customer) == self.facts.known(name), name


def test_both_walls_hold_whatever_happens(untraded, facts):
    profile = settings(max_examples=10, stateful_step_count=15, deadline=None)
    run_state_machine_as_test(lambda: NeedToKnow(facts), settings=profile)


@pytest.mark.slow
def test_both_walls_hold_for_long(untraded, facts):
    profile = settings(max_examples=150, stateful_step_count=40, deadline=None)
    run_state_machine_as_test(lambda: NeedToKnow(facts), settings=profile)
