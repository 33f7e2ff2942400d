"""The company's name makes no password."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from kundenstamm.company.models import CompanyProfile


@pytest.mark.django_db
def test_a_word_of_the_companys_name_is_refused():
    validate_password("Werkzeug lila Wanne Uhr")
    CompanyProfile.objects.create(pk=1, name="Nordlicht Werkzeug GmbH")
    with pytest.raises(ValidationError) as refused:
        validate_password("Werkzeug lila Wanne Uhr")
    assert "password_company" in [error.code for error in refused.value.error_list]
