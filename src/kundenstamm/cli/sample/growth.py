"""How the sample company's customers came, what its channels cost, who sent whom, and prospects.

Where customers come from is asked of most of them, as in life; the others' records still say it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kundenstamm.acquisition.channel_actions import standing
from kundenstamm.acquisition.models import (
    Campaign,
    Channel,
    Origin,
    Partner,
    Referral,
    Spending,
    Touch,
)
from kundenstamm.acquisition.queries import channels
from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.guard.models import User
from kundenstamm.serving.models import Pool
from kundenstamm.worth.synthetic.vocabulary import PLACES

if TYPE_CHECKING:
    from kundenstamm.worth.synthetic import SampleCompany

# As the company's records call them.
KINDS = {
    "Werbung an Zielgruppe": "advertising", "Partnerbetrieb": "partners",
    "Persönlicher Kontakt": "personal", "Weiterempfehlung": "service",
}  # fmt: skip
WHAT = {
    "advertising": "Anzeigen und Handzettel", "partners": "Gemeinsame Vorführungen",
    "personal": "Einladungen und Fahrten", "service": "Dankeschön und Muster",
}  # fmt: skip
HOURS = {"personal": ("Außendienst", 9), "partners": ("Außendienst", 4)}
PARTNERS = (
    ("Planungsbüro Kranichfeld", "Fachplanung", "Birkenmoor"),
    ("Schärfdienst Buchfink", "Werkzeugschleiferei", "Kesselstadt"),
    ("Bauelemente Ysopfeld OHG", "Fenster und Türen", "Almried"),
)
# Name, trade, place (of the vocabulary), which channel touched it, representative.
PROSPECTS = (
    ("Ginsterfeld Sanitär GmbH", "Sanitär & Heizung", "Oberlindenau", "service", "AS"),
    ("Elsternest Tischlerei e. K.", "Tischlerei", "Birkenmoor", "advertising", "AS"),
    ("Rotkehl Metallbau KG", "Metallbau", "Hafenrode", "partners", "AS"),
    ("Salon Thea Turmfalk", "Friseursalon", "Mühlbrück", "advertising", "BK"),
    ("Drosselweg Elektro GmbH", "Elektrotechnik", "Kesselstadt", "personal", "BK"),
    ("Habichtswald Dachtechnik GmbH", "Dachdeckerei", "Auenfurt", "advertising", "BK"),
    ("Jasminberg Haustechnik KG", "Haustechnik", "Steinhagenau", "partners", "LB"),
    ("Ibisberg Fachhandel GmbH", "Fachhandel", "Rheinwarden", "personal", "LB"),
    ("Sperlingshof Sanitär OHG", "Sanitär & Heizung", "Talheimbach", "advertising", "MY"),
    ("Meisenthal Metallbau GmbH", "Metallbau", "Almried", "service", "MY"),
)
FIRST_NUMBER = 19_001
# One in so many was never asked.
NOT_ASKED = 7
A_DAY = timedelta(days=1)


def load_growth(company: SampleCompany, *, as_of: date, actor: User, at: datetime) -> None:
    """Channels, what they cost, prospects, and how everybody came."""
    there = {each.code: standing(each) for each in channels()}
    began: date = company.sales["date"].min()  # type: ignore[assignment]
    campaigns = _campaigns(there["advertising"], as_of)
    _spend(company, there, campaigns, actor, at)
    by = {"recorded_by": actor, "recorded_at": at}
    _prospects(there, as_of, by)
    first = _first_days(company)
    came = list(Customer.objects.exclude(channel="").order_by("pk"))
    _origins(came, there, by)
    _touches(came, there, first, began, campaigns, by)
    _partners(came, first, began, as_of, by)


def _campaigns(advertising: Channel, as_of: date) -> list[Campaign]:
    """Two that are over: the one of last spring, and that of the spring before."""
    made = []
    for years in (1, 2):
        starts = date(as_of.year - years, 3, 1)
        told = {"starts": starts, "ends": starts + timedelta(days=91)}
        made.append(
            Campaign.objects.create(
                channel=advertising, name=f"Frühjahrsaktion {starts.year}",
                audience="Handwerksbetriebe bis 10 Leute", **told,
            )
        )  # fmt: skip
    return made


def _spend(
    company: SampleCompany, there: dict[str, Channel], campaigns: list[Campaign], actor: User,
    at: datetime,
) -> None:  # fmt: skip
    """Each month of each channel; advertising in the months of a campaign is the campaign's."""
    pools = {each.name: each for each in Pool.objects.all()}
    rows = []
    for month, name, amount in company.channel_spend.iter_rows():
        code = KINDS[name]
        pool, hours = HOURS.get(code, ("", 0))
        during = next((c for c in campaigns if c.starts <= month <= (c.ends or month)), None)
        rows.append(
            Spending(
                channel=there[code], campaign=during if code == "advertising" else None, day=month,
                amount=amount, hours=hours, pool=pools.get(pool), what=WHAT[code],
                recorded_by=actor, recorded_at=at,
            )
        )  # fmt: skip
    Spending.objects.bulk_create(rows)


def _prospects(there: dict[str, Channel], as_of: date, by: dict[str, Any]) -> None:
    """Customers without purchases: entered, served by somebody, touched once."""
    codes = {each.code: each for each in Representative.objects.all()}
    for n, (name, trade, city, channel, code) in enumerate(PROSPECTS):
        postcode, _city, region = next(each for each in PLACES if each[1] == city)
        day = as_of - timedelta(days=20 + 11 * n)
        made = Customer.objects.create(
            number=str(FIRST_NUMBER + n), name=name, trade=trade, postcode=postcode, city=city,
            region=region, country="Deutschland", created_at=by["recorded_at"],
            link="dealer" if trade == "Fachhandel" else "end_customer",
        )  # fmt: skip
        if code in codes:
            Assignment.objects.create(customer=made, representative=codes[code], starts=day)
        Touch.objects.create(customer=made, channel=there[channel], day=day, **by)


def _first_days(company: SampleCompany) -> dict[str, date]:
    import polars as pl

    found = company.sales.group_by("customer").agg(pl.col("date").min())
    return dict(found.iter_rows())


def _origins(came: list[Customer], there: dict[str, Channel], by: dict[str, Any]) -> None:
    Origin.objects.bulk_create(
        Origin(customer=each, channel=there[KINDS[each.channel]], **by,
               said="customer" if int(each.number) % 3 else "colleague")
        for each in came
        if int(each.number) % NOT_ASKED
    )  # fmt: skip


def _touches(
    came: list[Customer], there: dict[str, Channel], first: dict[str, date], began: date,
    campaigns: list[Campaign], by: dict[str, Any],
) -> None:  # fmt: skip
    """What else reached those who were won since: a hand-out before, a visit just before."""
    rows = []
    for each in came:
        day, n = first.get(each.number), int(each.number)
        if day is None or day <= began + timedelta(days=60):
            continue
        own = KINDS[each.channel]
        told = [(own, 40 + n % 30)]
        if n % 4 == 0 and own != "personal":
            told.append(("personal", 5 + n % 9))
        if n % 5 == 0 and own != "advertising":
            told.append(("advertising", 20 + n % 15))
        for code, before in told:
            then = day - before * A_DAY
            during = next((c for c in campaigns if c.starts <= then <= (c.ends or then)), None)
            rows.append(
                Touch(customer=each, channel=there[code], day=then, **by,
                      campaign=during if code == "advertising" else None)
            )  # fmt: skip
    Touch.objects.bulk_create(rows)


def _partners(
    came: list[Customer], first: dict[str, date], began: date, as_of: date, by: dict[str, Any]
) -> None:
    """Who sent whom, most of them thanked; three that we sent on."""
    partners = [
        Partner.objects.create(name=name, trade=trade, city=city) for name, trade, city in PARTNERS
    ]
    rows = []
    regulars = [each for each in came if not each.confidential and first.get(each.number)]
    won = [each for each in regulars if first[each.number] > began + timedelta(days=60)]
    for n, each in enumerate(won):
        own, day = KINDS[each.channel], first[each.number] - 20 * A_DAY
        giver: dict[str, Any]
        if own == "partners":
            giver = {"partner": partners[n % len(partners)]}
        elif own == "service" and each is not regulars[n]:
            giver = {"sender": regulars[n]}
        else:
            continue
        rows.append(
            Referral(customer=each, direction="received", day=day, **giver, **by,
                     **_thanks(n, day, as_of, by["recorded_by"]))
        )  # fmt: skip
    told = {"direction": "given", "consent_on": as_of - 30 * A_DAY, "day": as_of - 29 * A_DAY}
    rows += [
        Referral(customer=each, partner=partner, worth=Decimal(900 + 450 * n), **told, **by)
        for n, (each, partner) in enumerate(zip(regulars[3:9:2], partners, strict=False))
    ]
    Referral.objects.bulk_create(rows)


def _thanks(n: int, day: date, as_of: date, who: User) -> dict[str, Any]:
    """All but the latest, and one in nine that was forgotten."""
    said = day + 6 * A_DAY
    if said > as_of - 150 * A_DAY and n % 3 == 0:
        return {}
    return {
        "thanked_on": min(said, as_of),
        "thanked_by": who,
        "thanks_cost": Decimal(25 + n % 4 * 15),
    }
