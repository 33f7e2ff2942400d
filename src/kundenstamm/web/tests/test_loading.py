"""What the server loads before its first request."""

from __future__ import annotations

import gc

from django.urls import get_resolver

from kundenstamm.web.shell.loading import load_for_good


def test_views_are_there_and_out_of_collection() -> None:
    usual = gc.get_threshold()
    try:
        load_for_good()

        assert gc.get_freeze_count() > 0
        assert get_resolver()._populated
        kept = {id(each) for each in gc.get_objects()}
        assert id(get_resolver().url_patterns) not in kept
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)
