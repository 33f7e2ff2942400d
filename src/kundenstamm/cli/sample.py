"""The sample company, loaded as if it had worked with Kundenstamm all along.

What it does that has no table yet (calls, complaints, channel spend) stays in
``worth.synthetic`` until it has.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction

from kundenstamm.cli.sample_terms import load_agreements
from kundenstamm.company.models import CompanyProfile
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.importers.masters import contacts
from kundenstamm.ledger import copying
from kundenstamm.ledger.actions import Document, post_lines
from kundenstamm.lifecycle.actions import value_all
from kundenstamm.lifecycle.models import ValuationRun

if TYPE_CHECKING:
    import polars as pl

    from kundenstamm.worth.synthetic import SampleCompany

SALES = Document("Sample company", "sample-sales")
SERVICE = Document("Sample company, cost to serve", "sample-service")


def load_sample(*, actor: User, at: datetime) -> bool:
    """Make the sample company up to today and value it; False where there are customers already."""
    if Customer.objects.exists():
        return False
    from django.utils import timezone

    from kundenstamm.worth.synthetic import sample_company

    today = timezone.localdate(at)
    load(sample_company(today), as_of=today, actor=actor, at=at)
    return True


@transaction.atomic
def load(company: SampleCompany, *, as_of: date, actor: User, at: datetime) -> ValuationRun:
    """Load all tables that have a place, then value every customer: all or nothing."""
    _fill_profile(company)
    _load_products(company)
    _load_customers(company, at)
    _load_staff(company)
    _open_confidential(actor, at)
    post_lines(_sales(company), SALES, actor=actor, at=at)
    post_lines(_service(company), SERVICE, actor=actor, at=at)
    load_agreements(company, actor=actor, at=at)
    return value_all(as_of=as_of, actor=actor, at=at)


def _fill_profile(company: SampleCompany) -> None:
    CompanyProfile.objects.update_or_create(pk=1, defaults=company.profile)


def _sales(company: SampleCompany) -> pl.DataFrame:
    """A rebate's line names its reason where others name a product: it is not one."""
    import polars as pl

    named = pl.when(pl.col("product").is_not_null()).then("product_name")
    return company.sales.with_columns(product_name=named).drop("price")


def _service(company: SampleCompany) -> pl.DataFrame:
    import polars as pl

    nothing = pl.lit(None, pl.String)
    costs = company.service_costs.drop("minutes")
    return costs.with_columns(product=nothing, product_name=nothing)


def _load_products(company: SampleCompany) -> None:
    with connection.cursor() as cursor:
        _stage("sample_category", company.categories, "name text, margin numeric(5,4)")
        cursor.execute(
            "INSERT INTO ledger_productcategory (name, margin) SELECT name, margin"
            " FROM sample_category"
        )
        columns = "product text, product_name text, category text, list_price numeric(18,4)"
        _stage("sample_product", company.products, columns)
        cursor.execute(
            """
            INSERT INTO ledger_product (number, name, category_id)
            SELECT made.product, made.product_name, category.id FROM sample_product AS made
            LEFT JOIN ledger_productcategory AS category ON category.name = made.category
            """
        )
        columns = "product text, unit_cost numeric(18,4), valid_from date"
        _stage("sample_cost", company.product_costs, columns)
        cursor.execute(
            """
            INSERT INTO ledger_productcost (product_id, unit_cost, valid_from)
            SELECT product.id, made.unit_cost, made.valid_from FROM sample_cost AS made
            JOIN ledger_product AS product ON product.number = made.product
            """
        )


def _load_customers(company: SampleCompany, at: datetime) -> None:
    columns = (
        "customer text, customer_name text, kind text, link text, supplied_by text, trade text, "
        "country text, region text, postcode text, city text, contact text, since date, "
        "channel text, confidential boolean"
    )
    columns += "".join(f", {name} {kind}" for name, kind in contacts.COLUMNS.items())
    _stage("sample_customer", contacts.sealed(company.customers), columns)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO customers_customer
                (key, number, name, kind, link, trade, country, region, postcode, city, street,
                 channel, confidential, since, created_at, withdrawn)
            SELECT gen_random_uuid(), customer, customer_name, kind, link, trade, country, region,
                   postcode, city, '', channel, confidential, since, %s, false
            FROM sample_customer ORDER BY customer
            """,
            [at],
        )
        cursor.execute(
            """
            INSERT INTO customers_contact
                (key, customer_id, name, function, email, email_index, phone, phone_index, is_main)
            SELECT made.contact_key, customer.id, made.contact, '', coalesce(made.email, ''),
                   coalesce(made.email_index, ''), coalesce(made.phone, ''),
                   coalesce(made.phone_index, ''), true
            FROM sample_customer AS made
            JOIN customers_customer AS customer ON customer.number = made.customer
            WHERE made.contact IS NOT NULL
            """
        )
        cursor.execute(
            """
            INSERT INTO customers_chainlink (upstream_id, downstream_id)
            SELECT upstream.id, downstream.id FROM sample_customer AS made
            JOIN customers_customer AS upstream ON upstream.number = made.supplied_by
            JOIN customers_customer AS downstream ON downstream.number = made.customer
            """
        )


def _load_staff(company: SampleCompany) -> None:
    """Everybody who serves customers, and whom from when until when."""
    columns = "code text, name text, role text, starts date, ends date"
    _stage("sample_staff", company.staff, columns)
    columns = "customer text, representative text, starts date, ends date"
    _stage("sample_assignment", company.assignments, columns)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO customers_representative (code, name)
            SELECT code, name FROM sample_staff WHERE role = 'representative'
            """
        )
        cursor.execute(
            """
            INSERT INTO customers_assignment (customer_id, representative_id, starts, ends)
            SELECT customer.id, representative.id, made.starts, made.ends
            FROM sample_assignment AS made
            JOIN customers_customer AS customer ON customer.number = made.customer
            JOIN customers_representative AS representative
              ON representative.code = made.representative
            """
        )


def _open_confidential(actor: User, at: datetime) -> None:
    """Whoever brings confidential customers in knows of them already."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO customers_grant
                (person_id, customer_id, kind, reason, given_by_id, starts_at, is_emergency)
            SELECT %(actor)s, id, 'open', 'Sample company', %(actor)s, %(at)s, false
            FROM customers_customer WHERE confidential
            """,
            {"actor": actor.pk, "at": at},
        )


def _stage(table: str, frame: pl.DataFrame, columns: str) -> None:
    """A temporary table with the frame's rows; it vanishes with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {table} ({columns}) ON COMMIT DROP")
    copying.write(frame, table, [column.split()[0] for column in columns.split(", ")])
