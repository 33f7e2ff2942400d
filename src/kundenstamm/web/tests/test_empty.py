"""Before anything is loaded."""

from __future__ import annotations

from django.urls import reverse


def test_without_data_pages_teach_the_next_step(signed_in):
    assert reverse("imports") in signed_in.get("/").content.decode()
    assert signed_in.get(reverse("customers")).status_code == 200
