"""How good our estimates are: what the page says in each state, to whom, and in what words."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import AuditEntry, Role, User
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.lifecycle.evidence.judging import SHORT
from kundenstamm.lifecycle.models import Evidence
from kundenstamm.web.lifecycle.evidence_words import beside_recency, comparison

NB = "\u00a0"
CLASS = {"customers": 29, "expected": 4.0, "actual": 3.0, "low": 2.5, "high": 3.6}
CHANCE = {"customers": 58, "expected": 0.7, "actual": 0.72, "low": 0.6, "high": 0.8}
METRICS = {
    "occasions": {"mae": 1.02, "bias": 0.05, "gini": 0.8, "auc": 0.8, "crps": 0.7, "coverage": 0.8},
    "contribution": {"mae": 210.4, "bias": 0.1, "gini": 0.9, "coverage": 0.5},
}
SUMS = {
    "occasions": {"expected": 5120.4, "came": 4980, "inside": 0.81},
    "contribution": {"expected": 630581.2, "came": 622149.0, "inside": 0.79},
}


def metrics(**occasions):
    found = deepcopy(METRICS)
    found["occasions"] |= occasions
    return found


@pytest.fixture
def measured(frieda):
    return Evidence.objects.create(
        as_of=date(2026, 6, 30),
        actor=frieda,
        made_at=frieda.created_at,
        horizon_days=365,
        customers=58,
        of_customers=58,
        windows=[{"cutoff": "2025-06-30", "ends": "2026-06-30", "customers": 58, **SUMS}],
        compared={"auto": metrics(), "last_window": metrics(mae=1.01), "mbgnbd": metrics(mae=1.5)},
        calibration={"counts": [CLASS, CLASS], "chances": [CHANCE]},
        why=[
            {
                "msgid": "Models: {models}, weighed on {windows} earlier windows.",
                "params": {"models": "mbgnbd 60%, mbgcnbdk 40%", "windows": 5},
            },
            {
                "msgid": "The level is changed by {change}, as in windows of the same season.",
                "params": {"change": -0.0404},
            },
        ],
    )


def page(client, language="en"):
    client.cookies["django_language"] = language
    answer = client.get(reverse("evidence"))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "In the 12 months up to 30 June 2026 we expected 5,120 purchases; 4,980 came "
                "(−2.7%).",
                "81 of 100 customers ended inside their interval (aim: 80).",
                "The total was right.",
                "Contribution II: expected €631,000, came €622,149.",
                "It explains the difference in 0 of 2 groups. We expected too much of 2 and too "
                "little of 0.",
                "Chance explains the difference in 1 of 1 group.",
                "“As many as in the window before” was better here: Off per customer "
                "(1.01 against 1.02).",
                "Models: MBG/NBD 60%, MBG/CNBD-k 40%, weighed on 5 earlier windows.",
                "The level is changed by −4.0%",
            ],
        ),
        (
            "de",
            [
                "In den 12 Monaten bis zum 30. Juni 2026 haben wir 5.120 Käufe erwartet; "
                f"4.980 kamen (−2,7{NB}%).",
                "81 von 100 Kunden blieben innerhalb ihrer Spanne (Ziel: 80).",
                f"Modelle: MBG/NBD 60{NB}%, MBG/CNBD-k 40{NB}%, gewichtet an 5 früheren",
                "„So viel wie im Zeitraum davor“ war hier besser: Abweichung je Kunde "
                "(1,01 statt 1,02).",
            ],
        ),
    ],
)
@pytest.mark.usefixtures("measured")
def test_what_was_measured_in_plain_words(signed_in, language, said):
    body = page(signed_in, language)
    for words in said:
        assert words in body


@pytest.mark.usefixtures("measured")
def test_charts_and_their_tables_show_the_same_classes(signed_in):
    body = page(signed_in)
    spec = json.loads(body.split('<script id="counts" type="application/json">')[1].split("<")[0])
    rows = spec["datasets"]["classes"]
    assert [(row["expected"], row["actual"], row["customers"]) for row in rows] == [
        (4.0, 3.0, "29")
    ] * 2
    assert {row["tone"] for row in rows} == {"var(--loss)"}
    assert body.count('<td class="num loss">3.0</td>') == 2
    assert '<td class="num">72%</td>' in body


def test_parts_of_a_large_base_are_told(signed_in, measured):
    assert "evenly chosen" not in page(signed_in)
    measured.of_customers = 120_000
    measured.save()
    assert "Measured by 58 of 120,000 customers" in page(signed_in)


@pytest.mark.parametrize(
    ("came", "inside", "verdicts"),
    [
        (5120, 0.8, {"was right"}),
        (4000, 0.84, {"was too high"}),
        (6000, 0.6, {"was too low", "are too narrow"}),
        (5120, 0.95, {"was right", "are wider than"}),
    ],
)
def test_too_high_too_low_too_narrow(signed_in, measured, came, inside, verdicts):
    measured.windows[0]["occasions"] |= {"came": came, "inside": inside}
    measured.save()
    body = page(signed_in)
    every = {"was right", "was too high", "was too low", "are too narrow", "are wider than"}
    assert {words for words in every if words in body} == verdicts


def test_a_total_of_nothing_has_no_difference(signed_in, measured):
    measured.windows[0]["occasions"] = {"expected": 0.0, "came": 0, "inside": None}
    measured.save()
    assert "0 came (–)" in page(signed_in)


def test_before_the_first_measuring_it_can_be_asked_for(signed_in, frieda):
    body = page(signed_in)
    assert "Nothing has been measured yet" in body
    assert signed_in.post(reverse("judge-again")).status_code == 302
    (waiting,) = ProcrastinateJob.objects.all()
    assert waiting.args["actor"] == frieda.pk
    body = page(signed_in)
    assert "Nothing has been measured yet" not in body
    assert f'hx-get="{reverse("evidence-progress")}"' in body
    assert "HX-Refresh" not in signed_in.get(reverse("evidence-progress"))


def test_when_it_is_over_the_page_renews_itself(signed_in):
    assert signed_in.get(reverse("evidence-progress"))["HX-Refresh"] == "true"


def test_a_short_history_says_what_is_needed(signed_in, frieda):
    params = {
        "history_from": "2026-05-01", "history_to": "2026-06-30", "covered": 60, "needed": 87,
        "ready_on": "2026-07-27",
    }  # fmt: skip
    Evidence.objects.create(
        as_of=date(2026, 6, 30), actor=frieda, made_at=frieda.created_at,
        refusal={"msgid": SHORT, "params": params},
    )  # fmt: skip
    assert "insgesamt 60 Tage" in page(signed_in, "de")
    body = page(signed_in)
    assert "from 1 May 2026 to 30 June 2026, 60 days in all" in body
    assert "sales up to 27 July 2026" in body
    assert reverse("imports") in body


def _person(role):
    return User.objects.create(
        email="x@example.com", name="X", role=role, created_at="2026-01-01T00:00Z"
    )


@pytest.mark.parametrize("route", ["evidence", "evidence-progress"])
@pytest.mark.parametrize(
    ("role", "code"),
    [(Role.CONTROLLER, 200), (Role.DATA_PROTECTION, 200), (Role.SALES_LEAD, 403),
     (Role.REPRESENTATIVE, 403), (Role.SERVICE, 403), (Role.AUDITOR, 403)],
)  # fmt: skip
@pytest.mark.usefixtures("measured")
def test_who_sees_the_whole_base_sees_it(client, settings, role, code, route):
    settings.DATABASE_WALL_ROLE = APP
    client.force_login(_person(role))
    answer = client.get(reverse(route))
    assert answer.status_code == code
    assert ("5,120" in answer.content.decode() or "5.120" in answer.content.decode()) == (
        code == 200 and route == "evidence"
    )


def test_one_hidden_customer_hides_it(signed_in, measured):
    Customer.objects.create(
        number="1", name="Geheim", created_at=measured.made_at, confidential=True
    )
    assert signed_in.get(reverse("evidence")).status_code == 403


@pytest.mark.parametrize(
    ("role", "code"),
    [(Role.CONTROLLER, 302), (Role.DATA_PROTECTION, 403), (Role.REPRESENTATIVE, 403)],
)
def test_who_may_have_it_measured(client, settings, frieda, role, code):
    settings.DATABASE_WALL_ROLE = APP
    client.force_login(_person(role))
    assert client.post(reverse("judge-again")).status_code == code
    assert ProcrastinateJob.objects.exists() == (code == 302)


def test_only_our_own_form_has_it_measured(frieda):
    client = Client(enforce_csrf_checks=True)
    client.force_login(frieda)
    assert client.post(reverse("judge-again")).status_code == 403
    assert client.get(reverse("judge-again")).status_code == 405
    assert not ProcrastinateJob.objects.exists()


def test_no_button_for_who_may_not(client, measured):
    client.force_login(_person(Role.DATA_PROTECTION))
    assert reverse("judge-again") not in page(client)


@pytest.mark.usefixtures("measured")
def test_it_is_no_look_at_a_customer(signed_in):
    signed_in.get(reverse("evidence"))
    assert not AuditEntry.objects.filter(kind="read").exists()


@pytest.mark.usefixtures("company")
def test_the_way_there_is_shown_to_those_who_may_go(signed_in, client):
    customer = reverse("customer", args=[Customer.objects.order_by("pk").last().key])
    for address in ("/", customer):
        assert reverse("evidence") in signed_in.get(address).content.decode()
    Customer.objects.filter(pk=Customer.objects.order_by("pk").first().pk).update(confidential=True)
    for address in ("/", customer):
        assert reverse("evidence") not in signed_in.get(address).content.decode()


@pytest.mark.parametrize(
    ("target", "others", "best", "beaten"),
    [
        # Shown alike is alike: nobody is ahead by what nobody sees.
        ("occasions", {"last_window": {"mae": 1.0199}}, {"auto", "last_window"}, []),
        ("occasions", {"last_window": {"mae": 1.01}}, {"last_window"}, [True]),
        ("occasions", {"mbgnbd": {"mae": 1.01}}, {"mbgnbd"}, [False]),
        # A plain rule is named before a model, however good that is.
        ("occasions", {"own_rate": {"mae": 1.01}, "mbgnbd": {"mae": 0.5}}, {"mbgnbd"}, [True]),
        ("occasions", {"mbgnbd": {"mae": None}}, {"auto"}, []),
        ("contribution", {"mbgnbd": {"mae": 210.1}}, {"auto", "mbgnbd"}, []),
    ],
)
def test_the_best_of_a_column(target, others, best, beaten):
    worse = {"bias": 0.5, "gini": 0.1, "auc": 0.1, "crps": 9.0, "coverage": 0.1}
    compared = {"auto": METRICS} | {
        name: {target: METRICS[target] | worse | changed} for name, changed in others.items()
    }
    with translation.override("en"):
        found = comparison(compared, target, "EUR")
    names = dict(zip([row["words"] for row in found["rows"]], compared, strict=True))
    marked = {names[row["words"]] for row in found["rows"] if row["cells"][0]["best"]}
    assert marked == best
    assert [each["rule"] for each in found["beaten"]] == beaten


@pytest.mark.parametrize(
    ("chance", "active", "said"),
    [
        (0.81, 0.78, []),
        (0.81, 0.7549, ["So do not sort by the probability of being still active"]),
        (0.75, 0.6, ["So our chance to buy did not order", "So do not sort by"]),
    ],
)
def test_it_is_said_where_plain_recency_orders_customers_as_well(chance, active, said):
    told = metrics(auc=chance, auc_active=active, auc_recency=0.751)
    with translation.override("en"):
        first, *more = beside_recency({"auto": told})
    assert "the days since the last purchase alone in 75%." in first
    assert len(more) == len(said)
    assert all(words.startswith(start) for words, start in zip(more, said, strict=True))


@pytest.mark.parametrize("language", ["en", "de"])
def test_recency_stands_below_the_table(signed_in, measured, language):
    assert not beside_recency(measured.compared)
    measured.compared["auto"] = metrics(auc_active=0.7, auc_recency=0.75)
    measured.save()
    words = {"en": "the days since the last purchase alone in 75%",
             "de": f"allein nach den Tagen seit dem letzten Kauf in 75{NB}%"}  # fmt: skip
    assert words[language] in page(signed_in, language)


@pytest.mark.parametrize(
    ("metric", "ours", "theirs", "is_ahead"),
    [("gini", 0.7, 0.8, True), ("gini", 0.8, 0.7, False), ("coverage", 0.7, 0.85, True),
     ("coverage", 0.83, 0.77, False), ("coverage", 0.82, 0.99, False), ("bias", 0.05, 0.01, True)],
)  # fmt: skip
def test_what_better_means(metric, ours, theirs, is_ahead):
    compared = {"auto": metrics(**{metric: ours}), "own_rate": metrics(**{metric: theirs})}
    assert bool(comparison(compared, "occasions", "EUR")["beaten"]) is is_ahead
