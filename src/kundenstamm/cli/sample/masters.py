"""Who and what the sample company is: profile, products, customers, staff."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection

from kundenstamm.cli.sample.staging import stage
from kundenstamm.company.models import CompanyProfile
from kundenstamm.guard.models import User
from kundenstamm.importers.masters import contacts

if TYPE_CHECKING:
    from kundenstamm.worth.synthetic import SampleCompany


def fill_profile(company: SampleCompany) -> None:
    CompanyProfile.objects.update_or_create(pk=1, defaults=company.profile)


def load_products(company: SampleCompany) -> None:
    with connection.cursor() as cursor:
        stage("sample_category", company.categories, "name text, margin numeric(5,4)")
        cursor.execute(
            "INSERT INTO ledger_productcategory (name, margin) SELECT name, margin"
            " FROM sample_category"
        )
        columns = "product text, product_name text, category text, list_price numeric(18,4)"
        stage("sample_product", company.products, columns)
        cursor.execute(
            """
            INSERT INTO ledger_product (number, name, category_id)
            SELECT made.product, made.product_name, category.id FROM sample_product AS made
            LEFT JOIN ledger_productcategory AS category ON category.name = made.category
            """
        )
        columns = "product text, unit_cost numeric(18,4), valid_from date"
        stage("sample_cost", company.product_costs, columns)
        cursor.execute(
            """
            INSERT INTO ledger_productcost (product_id, unit_cost, valid_from)
            SELECT product.id, made.unit_cost, made.valid_from FROM sample_cost AS made
            JOIN ledger_product AS product ON product.number = made.product
            """
        )


def load_customers(company: SampleCompany, at: datetime) -> None:
    columns = (
        "customer text, customer_name text, kind text, link text, supplied_by text, trade text, "
        "country text, region text, postcode text, city text, contact text, since date, "
        "channel text, confidential boolean"
    )
    columns += "".join(f", {name} {kind}" for name, kind in contacts.COLUMNS.items())
    stage("sample_customer", contacts.sealed(company.customers), columns)
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
                (key, customer_id, name, function, roles, salutation, language, preferred_way,
                 objection, email, email_index, phone, phone_index, best_time, best_time_index,
                 mention, mention_index, is_main)
            SELECT made.contact_key, customer.id, made.contact, '', '{}', '', '', '', '',
                   coalesce(made.email, ''), coalesce(made.email_index, ''),
                   coalesce(made.phone, ''), coalesce(made.phone_index, ''), '', '', '', '', true
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


def load_staff(company: SampleCompany) -> None:
    """Everybody who serves customers, and whom from when until when."""
    columns = "code text, name text, role text, starts date, ends date"
    stage("sample_staff", company.staff, columns)
    columns = "customer text, representative text, starts date, ends date"
    stage("sample_assignment", company.assignments, columns)
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


def open_confidential(actor: User, at: datetime) -> None:
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
