"""Queries: everybody is told of those whom they know, themselves, or with the right of all."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Q

from kundenstamm.customers.models import Customer
from kundenstamm.customers.timeline import timeline
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Forbidden, Reach, reach_of
from kundenstamm.relations import queries
from kundenstamm.relations.correcting import correct, take_back
from kundenstamm.relations.known_sums import KnownSums, known_sums
from kundenstamm.relations.models import Bond, Colleague, Correction
from kundenstamm.relations.queries.people import _added_up, _firm
from kundenstamm.relations.reckoning import reckon_all
from kundenstamm.relations.tests.conftest import AT, EXPECTED, TODAY, as_the_site


@pytest.fixture
def reckoned(world):
    reckon_all(TODAY, actor=world.people["Frieda"], at=AT)
    return world


def colleague(name):
    return Colleague.objects.get(name=name)


def test_the_map_of_a_customer(reckoned):
    with as_the_site(reckoned.people["Anna"]):
        found = queries.holding(reckoned.people["Anna"], reckoned.of["Ahorn"])
    assert [bond.colleague.name for bond in found.bonds] == ["Anna", "Bernd"]
    assert found.holder.colleague.name == "Anna"
    assert found.others_spoke == TODAY - timedelta(days=400)
    with_whom, without = found.lines
    assert with_whom.contact == reckoned.contact
    assert (with_whom.squares[0].part, with_whom.squares[1]) == (1, None)
    assert without.contact is None
    assert 0 < without.squares[1].part < 0.2
    assert found.whole[0].part == 1


def test_of_a_silent_customer_nobody_is_told(reckoned):
    found = queries.holding(reckoned.people["Frieda"], reckoned.of["Distel"])
    assert (found.bonds, found.lines, found.holder, found.others_spoke) == ([], [], None, None)


def test_the_map_is_told_to_who_knows_the_customer(reckoned):
    with as_the_site(reckoned.people["Bernd"]):
        found = queries.holding(reckoned.people["Bernd"], reckoned.of["Ahorn"])
    assert (found.bonds, found.lines) == ([], [])


def test_owner_sees_all_with_history(reckoned):
    with as_the_site(reckoned.people["Frieda"]):
        told = queries.people(reckoned.people["Frieda"])
    assert [row.colleague.name for row in told.rows] == ["Anna", "Bernd", "Carl"]
    assert told.whole
    assert told.firm.value == 25_000
    assert told.before.day == TODAY - timedelta(days=90)
    anna = told.rows[0]
    assert anna.trend == anna.hanging - anna.before
    assert 0.7 < anna.uncovered < 1


def test_sums_as_stored_and_as_added_up_are_the_same(reckoned):
    """Doris knows everybody: closing a customer of no value to her makes her sums live ones."""
    doris = reckoned.people["Doris"]
    stored = queries.people(doris)
    Customer.objects.filter(name="Erle").update(confidential=True)
    live = queries.people(User.objects.get(pk=doris.pk))
    assert not live.whole
    assert (live.history, live.before) == ([], None)
    by_name = {row.colleague.name: row for row in live.rows}
    for row in stored.rows:
        other = by_name[row.colleague.name]
        assert (other.value, other.hanging) == (row.value, row.hanging)
        assert abs(other.bound - row.bound) < 1
        assert other.trend is None
    assert (live.firm.value, live.firm.hanging) == (stored.firm.value, stored.firm.hanging)


@pytest.mark.parametrize(
    "hidden", [["Ahorn"], ["Erle", "Birke"], ["Carex", "Distel"], list(EXPECTED)]
)
def test_stored_less_hidden_is_what_the_known_ones_add_up_to(reckoned, hidden):
    Customer.objects.filter(name__in=hidden).update(confidential=True)
    doris = User.objects.get(name="Doris")
    with as_the_site(doris):
        told = queries.people(doris)
        live = _added_up(doris, Q())
        firm = _firm(doris, live, told.made)
    some = [row for row in live if row.customers or row.value or row.bound or row.hanging]
    assert [_told(row) for row in told.rows] == [_told(row) for row in some]
    assert (told.firm.value, told.firm.alone) == (firm.value, firm.alone)
    assert (told.firm.customers, told.firm.hanging) == (firm.customers, firm.hanging)


def _told(row):
    return row.colleague.name, row.customers, row.value, round(row.bound, 2), row.hanging


def test_who_does_not_see_nearly_everybody_gets_no_stored_sum(reckoned):
    narrow = [each for each in reckoned.people.values() if reach_of(each) is not Reach.ALL]
    assert {"Anna", "Greta"} <= {each.name for each in narrow}
    for person in narrow:
        with as_the_site(person):
            assert known_sums(person) == KnownSums({}, Decimal(0), 0)


def test_whoever_is_hidden_counts_nowhere(reckoned):
    Customer.objects.filter(name="Ahorn").update(confidential=True)
    told = queries.people(reckoned.people["Doris"])
    assert told.firm.value == 13_000
    gone = queries.leaving(reckoned.people["Doris"], colleague("Anna"))
    assert {row.bond.customer.name for row in gone.rows} == {"Birke", "Erle"}
    assert gone.hanging == 0


def test_a_representative_sees_only_themself(reckoned):
    with as_the_site(reckoned.people["Anna"]):
        told = queries.people(reckoned.people["Anna"])
    assert [row.colleague.name for row in told.rows] == ["Anna"]
    assert told.firm is None
    assert queries.may_see(reckoned.people["Anna"], colleague("Anna"))
    assert not queries.may_see(reckoned.people["Anna"], colleague("Bernd"))


@pytest.mark.parametrize(
    ("name", "sees"),
    [("Frieda", True), ("Greta", True), ("Doris", True), ("Hanno", False), ("Emil", False),
     ("Ida", False)],
)  # fmt: skip
def test_who_may_see_others(reckoned, name, sees):
    assert queries.may_see(reckoned.people[name], colleague("Anna")) is sees
    told = queries.people(reckoned.people[name])
    assert (told.firm is not None) is sees


def test_a_lead_is_told_of_the_teams_customers(reckoned):
    with as_the_site(reckoned.people["Greta"]):
        told = queries.people(reckoned.people["Greta"])
    assert told.firm.value == 16_000
    assert {row.colleague.name for row in told.rows} == {"Anna", "Bernd"}
    assert not told.whole


def test_what_if_somebody_left(reckoned):
    frieda = reckoned.people["Frieda"]
    gone = queries.leaving(frieda, colleague("Anna"))
    assert [row.bond.customer.name for row in gone.rows] == ["Ahorn", "Erle", "Birke"]
    assert (gone.customers, gone.held) == (3, 2)
    assert gone.risk.low == pytest.approx(0.132 * float(gone.hanging))
    first = gone.rows[0]
    assert first.successor.name == "Bernd"
    assert first.spoke == TODAY - timedelta(days=400)
    # Nobody else has spoken with Erle: who holds most in the same region.
    erle = gone.rows[1]
    assert (erle.successor.name, erle.spoke) == ("Bernd", None)


def test_whoever_is_of_the_same_team_is_proposed_first(reckoned):
    from kundenstamm.guard.models import Team

    carl = colleague("Carl")
    Team.objects.get(name="Nord").members.add(reckoned.people["Hanno"])
    Colleague.objects.filter(name="Hanno").delete()
    Colleague.objects.filter(pk=carl.pk).update(user=reckoned.people["Hanno"])
    gone = queries.leaving(reckoned.people["Frieda"], colleague("Anna"))
    assert gone.rows[1].successor == carl


def test_rates_and_pages(reckoned):
    gone = queries.leaving(
        reckoned.people["Frieda"], colleague("Anna"), rates=(0.0, 0.5), start=1, size=1
    )
    assert [row.bond.customer.name for row in gone.rows] == ["Erle"]
    assert gone.more
    assert (gone.risk.low, gone.risk.high) == (0, pytest.approx(float(gone.hanging) / 2))


def test_what_hangs_on_who_leaves(reckoned, codes):
    """Birke spoke with Bernd last and most, Anna covers; Carex nobody knows whom Anna may know."""
    asked = [reckoned.of[name].pk for name in ("Ahorn", "Birke", "Carex")]
    told = queries.hanging_on(reckoned.people["Anna"], codes["Anna"], asked)
    bonds = Bond.objects.filter(colleague__name="Anna")
    assert told == {
        pk: pytest.approx(bond.bound * (1 - bond.cover))
        for pk in asked[:2]
        for bond in [bonds.get(customer=pk)]
    }
    assert told[asked[0]] > told[asked[1]]


def test_the_site_writes_no_bonds(reckoned):
    from django.db import DatabaseError, transaction

    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        as_the_site(reckoned.people["Anna"]),
    ):
        Bond.objects.filter(customer=reckoned.of["Ahorn"]).update(strength=9)


def said(world, name="Anna", says="knows", because="Kennt sie vom Verein", who="Bernd"):
    with as_the_site(world.people[name]):
        return correct(
            world.of["Ahorn"], colleague(who), says, because, actor=world.people[name], at=AT
        )


def test_a_correction_is_sealed_and_told_in_the_timeline(reckoned):
    made = said(reckoned)
    assert "Verein" not in made.because
    assert made.open("because") == "Kennt sie vom Verein"
    (told,) = queries.corrections_of(reckoned.people["Anna"], reckoned.of["Ahorn"])
    assert (told.colleague.name, told.by.name) == ("Bernd", "Anna")
    page = timeline(
        reckoned.people["Anna"], reckoned.of["Ahorn"], today=TODAY, size=5, wanted=["relation"]
    )
    (event,) = page.events
    assert event.msgid.format(**event.params).startswith("Bernd knows the customer well")


@pytest.mark.parametrize(
    ("name", "told", "error"),
    [
        ("Anna", {"because": "  "}, ValidationError),
        ("Anna", {"says": "loves"}, ValidationError),
        ("Doris", {}, Forbidden),
        ("Bernd", {}, Forbidden),
    ],
)
def test_what_cannot_be_said(reckoned, name, told, error):
    with pytest.raises(error):
        said(reckoned, name, **told)


def test_of_whoever_left_only_that_can_be_said(reckoned):
    Colleague.objects.filter(name="Bernd").update(here=False)
    with pytest.raises(ValidationError):
        said(reckoned, says="holds")
    assert said(reckoned, says="left").says == "left"


def test_whoever_said_it_or_assigns_takes_it_back_once(reckoned):
    made = said(reckoned)
    with pytest.raises(Forbidden):
        take_back(made, actor=reckoned.people["Hanno"], at=AT)
    take_back(made, actor=reckoned.people["Greta"], at=AT)
    assert not Correction.objects.standing().exists()
    with pytest.raises(ValidationError):
        take_back(made, actor=reckoned.people["Anna"], at=AT)
