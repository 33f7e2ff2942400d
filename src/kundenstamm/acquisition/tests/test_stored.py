"""What the growth page reads: equal to the ledger, up to date, and exact for whoever knows some."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from kundenstamm.acquisition.figures import growth
from kundenstamm.acquisition.models import Arrival, ArrivalCost, Growing, Origin, Touch, Touched
from kundenstamm.acquisition.preparing import newest, prepare_all, prepare_due, refresh
from kundenstamm.acquisition.tests.conftest import AT, DAY, NAMES, SALE, TODAY
from kundenstamm.care.actions import Happening, record, withdraw
from kundenstamm.customers.actions import close_to, keep_confidential, open_to
from kundenstamm.worth.acquisition.attribution import Attribution


def shown(person, way=Attribution.POSITION):
    """Everything the page tells a person; rounded, for sums are added in another order."""
    found = growth(person, way)
    return [_rounded(asdict(each)) for each in found.results], found.prospects, found.years


def _rounded(told):
    if isinstance(told, dict):
        return {name: _rounded(each) for name, each in told.items() if name != "of"}
    if isinstance(told, (list, tuple)):
        return [_rounded(each) for each in told]
    return repr(round(told, 4)) if isinstance(told, float) else told


def test_all_that_is_stored_is_the_ledgers_to_the_cent(company):
    with connection.cursor() as cursor:
        cursor.execute("SELECT customer_id, sum(amount) FROM ledger_line GROUP BY 1")
        ledger = dict(cursor.fetchall())
    took = dict(ArrivalCost.objects.values_list("customer").annotate(Sum("amount")))
    stored = Arrival.objects.select_related("customer")
    assert stored.count() == len(NAMES) + 1
    for each in stored:
        kept = sum(each.months, Decimal(0)) + each.beyond + each.before
        assert kept - took.get(each.customer_id, 0) == ledger[each.customer_id], each.customer.name
        assert each.so_far[-1:] == ([sum(each.months)] if each.months else [])
    assert Arrival.objects.get(customer=company["Eins"]).months[1] != 0


def test_who_is_confidential_is_counted_for_whom_it_is_open_only(company, people):
    before = shown(people["Frieda"]), shown(people["Doris"])
    assert before[0] == before[1]
    keep_confidential(company["Eins"], actor=people["Frieda"], at=AT)
    # Before the next pass the stored sums hold it still: they are not told to Doris.
    for _ in range(2):
        assert shown(people["Frieda"]) == before[0]
        kept = shown(people["Doris"])
        assert kept != before[1]
        assert sum(each["customers"] for each in kept[0]) < sum(
            each["customers"] for each in before[1][0]
        )
        prepare_due(actor=people["Frieda"], at=AT)
    by = {"actor": people["Frieda"], "at": AT}
    open_to(people["Doris"], company["Eins"], "Prüfung", **by)
    assert shown(people["Doris"]) == before[1]
    close_to(people["Doris"], company["Zwei"], "Befangen", **by)
    closed = shown(people["Doris"])
    assert closed != before[1]
    assert prepare_due(**by) is not None
    assert shown(people["Doris"]) == closed
    assert shown(people["Frieda"]) == before[0]


def test_whoever_knows_some_is_told_the_sums_over_these(company, people, codes):
    """The team's lead knows what Anna serves, and nobody else."""
    found = growth(people["Greta"], Attribution.FIRST)
    served_by_anna = {"Zwei", "Vier", "Sechs"}
    assert sum(each.customers for each in found.results) == len(served_by_anna)


def test_what_is_noted_is_counted_with_the_next_pass(company, people, there):
    by = {"actor": people["Frieda"], "at": AT}
    refresh(**by)
    assert refresh(**by) is None
    told = {"recorded_by": people["Frieda"], "recorded_at": AT}
    Origin.objects.create(
        customer=company["Niemand"], channel=there["service"], said="customer", **told
    )
    Touch.objects.filter(customer=company["Zwei"]).delete()
    Touch.objects.filter(customer=company["Drei"]).update(day=TODAY)
    assert refresh(**by) is not None
    refreshed = [shown(people[name], way) for name in ("Frieda", "Greta") for way in Attribution]
    prepare_all(**by)
    assert [
        shown(people[name], way) for name in ("Frieda", "Greta") for way in Attribution
    ] == refreshed
    assert not Touched.objects.exists()


def test_who_is_withdrawn_is_counted_no_more_and_comes_back(company, people):
    by = {"actor": people["Frieda"], "at": AT}
    refresh(**by)
    whole = shown(people["Frieda"])
    for withdrawn in (True, False):
        company["Eins"].withdrawn = withdrawn
        company["Eins"].save()
        refresh(**by)
        assert (shown(people["Frieda"]) == whole) is not withdrawn


def test_what_we_do_ourselves_touches_by_the_personal_channel(company, people, there):
    by = {"actor": people["Frieda"], "at": AT}
    Touch.objects.all().delete()

    def happened(days, kind="visit", **told):
        when = AT - timedelta(days=days)
        return record(company["Morgen"], Happening(kind, when, **told), **by)

    happened(30), happened(20)
    happened(18, "call", direction="they", reached=True)
    told = {"recorded_by": people["Frieda"], "recorded_at": AT, "day": TODAY - 15 * DAY}
    Touch.objects.create(customer=company["Morgen"], channel=there["advertising"], **told)
    happened(12, "call", direction="we", reached=False)
    mail = happened(10, "mail", direction="we")
    happened(9, "note", note="Messe")
    happened(1), refresh(**by)
    path = Arrival.objects.select_related("path").get(customer=company["Morgen"]).path
    assert path.codes == "personal,advertising,personal"
    assert [each.part for each in path.credits.filter(way="position", channel="personal")] == [0.8]
    for each in company["Morgen"].interactions.filter(kind="visit"):
        withdraw(each, "Irrtum", **by)
    withdraw(mail, "Irrtum", **by)
    refresh(**by)
    codes = Arrival.objects.values_list("path__codes", flat=True)
    assert codes.get(customer=company["Morgen"]) == "advertising"


def test_a_visit_after_the_first_purchase_won_nothing(company, people):
    by = {"actor": people["Frieda"], "at": AT}
    record(company["Niemand"], Happening("visit", AT - timedelta(days=3)), **by)
    refresh(**by)
    assert Arrival.objects.get(customer=company["Niemand"]).path.codes == ""


def test_a_new_valuation_is_worked_out_whole(company, people, traded):
    by = {"actor": people["Frieda"], "at": AT}
    assert prepare_due(**by) is None
    before = newest().run_id
    traded((company["Alt"], 1, 9, SALE))
    Growing.objects.update(run=before)
    assert prepare_due(**by).run_id > before
    Growing.objects.all().delete()
    assert growth(people["Frieda"], Attribution.FIRST) is None
    assert prepare_due(**by).run_id == newest().run_id > before
