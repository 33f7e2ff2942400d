"""An invented company with a known truth, for demos, documentation and tests.

>>> import datetime
>>> company = sample_company(datetime.date(2026, 6, 30), customers=60, years=1)
>>> company.customers.height
60
"""

from __future__ import annotations

from datetime import date

from kundenstamm.worth.synthetic import base, market, orders, people, service
from kundenstamm.worth.synthetic.company import Plan, SampleCompany

__all__ = ["Plan", "SampleCompany", "sample_company"]


def sample_company(
    until: date, seed: int = 7, customers: int = 804, years: int = 3
) -> SampleCompany:
    """A wholesaler whose last day of business is ``until``.

    Parameters
    ----------
    until
        Last day with data; a Sunday has none, but may be named.
    seed, customers, years
        Equal values give equal tables on every machine. At least 20 customers, one year.
    """
    if customers < 20 or years < 1:
        raise ValueError("A sample company has at least 20 customers and one year.")
    plan = Plan(until, seed, customers, years)
    buyers = base.buyers(plan)
    categories, products, costs = people.products(plan)
    booked, sales = orders.orders_and_lines(plan, buyers, products)
    books = service.serve(plan, buyers, booked)
    return SampleCompany(
        profile=dict(people.PROFILE),
        staff=people.staff(plan),
        pools=people.pools(),
        categories=categories,
        products=products,
        product_costs=costs,
        customers=base.customers(plan, buyers),
        assignments=base.assignments(plan, buyers),
        sales=sales,
        **service.frames(books),
        agreements=market.agreements(plan, buyers),
        channel_spend=market.channel_spend(plan),
        rival_sightings=market.rival_sightings(plan, buyers),
        prospects=market.prospects(),
        truth=base.truth(plan, buyers),
    )
