"""Models and migrations say the same; every list about customers begins with need-to-know."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command

from kundenstamm.customers.models import Customer
from kundenstamm.guard.queries import NeedToKnowQuerySet


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_models_about_customers_can_be_narrowed():
    about_customers = [
        model
        for model in apps.get_models()
        if model is Customer
        or any(field.related_model is Customer for field in model._meta.fields if field.is_relation)
    ]
    assert len(about_customers) >= 6
    for model in about_customers:
        assert isinstance(model._default_manager.all(), NeedToKnowQuerySet), model
