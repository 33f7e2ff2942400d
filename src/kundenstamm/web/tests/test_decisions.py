"""Terms are reckoned, signed, proposed and decided on pages."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.decisions.models import Proposal, ProposalState
from kundenstamm.decisions.tests.conftest import sold_for_100_000
from kundenstamm.guard.models import Role, User
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.terms.models import Agreement, Kind

AT = timezone.now()
TODAY = timezone.localdate(AT)
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def customer(frieda):
    """Sold for 100,000; the overall margin of 35 % stands for the goods."""
    return sold_for_100_000(TODAY - 9 * A_DAY, actor=frieda, at=AT)


@pytest.fixture
def anna(client, customer):
    """Anna serves the customer; hers is the session."""
    made = User.objects.create(
        email="anna@example.com", name="Anna", role=Role.REPRESENTATIVE, created_at=AT
    )
    code = Representative.objects.create(code="A", name="Anna", user=made)
    Assignment.objects.create(customer=customer, representative=code, starts=TODAY - 9 * A_DAY)
    client.force_login(made)
    return made


@pytest.fixture
def send(client, customer, anna):
    """What a person sends from the page before signing."""

    def sent(do="propose", htmx=False, **told):
        form = {"rebate": "20", "kind": "rebate", "service": "100", "reason": "Bitte", "do": do,
                "valid_from": TODAY, "valid_to": TODAY + 365 * A_DAY}  # fmt: skip
        headers = {"HTTP_HX_REQUEST": "true"} if htmx else {}
        return client.post(reverse("before-signing", args=[customer.key]), form | told, **headers)

    return sent


def test_what_one_types_is_reckoned_and_nothing_else_happens(send):
    for told in ({"do": "reckon"}, {"do": "", "htmx": True, "reason": ""}):
        answer = send(rebate="2,5", payment_days="30", **told)
        body = answer.content.decode()
        assert answer.context["shown"]["after"] == pytest.approx(32_243.56, abs=0.01)
        assert ("<html" in body) is ("htmx" not in told)
        assert answer.context["says"].startswith("Nachlass 2,5")
    assert not Proposal.objects.exists()


def test_before_anything_is_typed_the_page_shows_how_it_is(client, anna, customer):
    page = client.get(reverse("before-signing", args=[customer.key])).context
    assert page["shown"]["before"] == page["shown"]["after"] == 35_000
    assert page["over"] == []
    assert page["days_today"] == 14


@pytest.mark.parametrize(
    "told",
    [{"rebate": "101"}, {"tiers": "x"}, {"valid_to": ""}, {"kind": "nonsense"},
     {"payment_days": "-1"}, {"price": "-100"}],
)  # fmt: skip
def test_what_cannot_be_read_yet_is_named(send, told):
    for do in ("reckon", "propose"):
        answer = send(do, **told)
        assert answer.status_code == 200
        assert len(answer.context["unreadable"]) == 1
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    "told",
    [{"reason": ""}, {"rebate": ""}, {"tiers": "50000 2"}, {"valid_to": TODAY - A_DAY},
     {"kind": "promotion", "rebate": "", "tiers": "50000 2"}],
)  # fmt: skip
def test_what_cannot_be_proposed_is_said_on_the_page(send, told):
    answer = send(**told)
    assert answer.status_code == 200
    assert 'class="errorlist' in answer.content.decode()
    assert not Proposal.objects.exists()


def test_within_the_limits_it_holds_at_once(send, client, customer):
    send(rebate="2")
    made = Proposal.objects.get()
    assert made.state == ProposalState.SIGNED
    page = client.get(reverse("customer", args=[customer.key]))
    assert [row["of"] for row in page.context["terms"]["rows"]] == [made.agreement]


def test_a_proposal_waits_for_somebody_else(send, client, anna, frieda):
    address = send()["Location"]
    made = Proposal.objects.get()
    decide = reverse("decide-proposal", args=[made.key])
    own = client.get(address)
    assert "form" not in own.context
    assert own.context["withdraw"]
    assert own.context["waiting_proposals"] == 0
    assert client.post(decide, {"do": "approve", "reason": "Ja"}).status_code == 403
    client.force_login(frieda)
    page = client.get(address)
    assert page.context["waiting_proposals"] == 1
    assert not page.context["withdraw"]
    assert client.post(decide, {"do": "approve", "reason": ""}).status_code == 200
    assert client.post(decide, {"do": "approve", "reason": "Wichtig"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.decided_by) == (ProposalState.APPROVED, frieda)
    assert "Wichtig" in client.get(address).content.decode()
    assert client.get(address).context["waiting_proposals"] == 0
    again = client.post(decide, {"do": "refuse", "reason": "Nein"}, follow=True)
    assert "wartet nicht mehr" in again.content.decode()


def test_refused(send, client, frieda):
    send()
    client.force_login(frieda)
    made = Proposal.objects.get()
    client.post(reverse("decide-proposal", args=[made.key]), {"do": "refuse", "reason": "Nein"})
    made.refresh_from_db()
    assert made.state == ProposalState.REFUSED
    assert not Agreement.objects.exists()


def test_withdrawn(send, client):
    send()
    made = Proposal.objects.get()
    client.post(reverse("withdraw-proposal", args=[made.key]))
    made.refresh_from_db()
    assert made.state == ProposalState.WITHDRAWN


def test_the_list_tells_the_late_from_the_waiting(send, client, frieda):
    send()
    page = client.get(reverse("proposals"))
    assert [row["decide"] for row in page.context["waiting"]] == [False]
    Proposal.objects.update(open_until=TODAY - A_DAY)
    page = client.get(reverse("proposals"))
    assert page.context["waiting"] == []
    assert [row["late"] for row in page.context["others"]] == [True]


def test_an_agreement_over_a_limit_is_not_made_beside_it(send, client, customer, frieda):
    client.force_login(frieda)
    form = {"kind": "rebate", "rate": "20", "valid_from": TODAY.isoformat(), "reason": "Bitte"}
    answer = client.post(reverse("agree", args=[customer.key]), form)
    assert "zweite Person" in answer.content.decode()
    assert not Agreement.objects.exists()
    assert (
        client.post(reverse("agree", args=[customer.key]), form | {"rate": "2"}).status_code == 302
    )


@pytest.fixture
def ending(customer, frieda):
    """A rebate that Frieda agreed and that ends in ten days."""
    return Agreement.objects.create(
        customer=customer, kind=Kind.REBATE, rate=Decimal("0.03"), agreed_by=frieda, agreed_at=AT,
        valid_from=TODAY - 300 * A_DAY, valid_to=TODAY + 10 * A_DAY,
    )  # fmt: skip


def test_what_ends_soon_is_shown_to_who_agreed_and_who_serves(ending, client, anna, frieda):
    doris = User.objects.create(
        email="doris@example.com", name="Doris", role=Role.CONTROLLER, created_at=AT
    )
    for person, told in ((anna, [ending]), (frieda, [ending]), (doris, [])):
        client.force_login(person)
        page = client.get(reverse("terms"))
        assert [row["of"].agreement for row in page.context["mine"][0]] == told, person
    link = f"{reverse('before-signing', args=[ending.customer.key])}?renews={ending.key}"
    client.force_login(anna)
    assert link in client.get(reverse("terms")).content.decode()


def test_what_has_no_end_is_looked_at_once_a_year(ending, client, anna):
    Agreement.objects.update(valid_to=None)
    assert client.get(reverse("terms")).context["mine"] == [[], []]
    Agreement.objects.update(valid_from=TODAY - 364 * A_DAY)
    [row] = client.get(reverse("terms")).context["mine"][1]
    assert row["of"].day - TODAY <= 2 * A_DAY


def test_renewing_begins_with_what_ends(ending, send, client, anna):
    address = reverse("before-signing", args=[ending.customer.key])
    page = client.get(f"{address}?renews={ending.key}")
    assert page.context["offer"].rebate == Decimal("0.03")
    assert page.context["offer"].valid_from == ending.valid_to + A_DAY
    send(rebate="4", renews=ending.key, valid_from=ending.valid_to + A_DAY)
    made = Proposal.objects.get()
    assert made.agreement.renews == ending
    assert client.get(reverse("terms")).context["mine"] == [[], []]


@pytest.mark.parametrize("told", ["x", "00000000-0000-4000-8000-000000000000"])
def test_what_is_not_there_cannot_be_renewed(client, anna, customer, told):
    address = reverse("before-signing", args=[customer.key])
    assert client.get(f"{address}?renews={told}").status_code == 404


def test_an_agreement_of_another_customer_cannot_be_renewed(client, ending, frieda):
    other = Customer.objects.create(number="K2", name="K2", created_at=AT)
    client.force_login(frieda)
    address = reverse("before-signing", args=[other.key])
    assert client.get(f"{address}?renews={ending.key}").status_code == 404


def test_the_company_sets_its_limits(signed_in):
    page = signed_in.get(reverse("company"))
    values = {field.html_name: field.value() for field in page.context["form"]}
    told = {name: "" if value is None else value for name, value in values.items()}
    told |= {"rebate_limit": "7,5", "concession_limit": "1.200", "default_margin": "35",
             "active_limit": "50", "lost_limit": "20", "discount_rate": "10",
             "financing_rate": "6"}  # fmt: skip
    told.pop("loss_needs_approval")
    assert signed_in.post(reverse("company"), told).status_code == 302
    of = profile()
    assert (of.rebate_limit, of.concession_limit) == (Decimal("0.075"), 1_200)
    assert not of.loss_needs_approval
