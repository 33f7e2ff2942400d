"""What stays for good is loaded before the first request, and left out of garbage collection.

Django, its models, all views and what these import are some hundred thousand objects that never
go. A page that makes many short-lived ones, a chain of thousands, starts a full collection now and
then, and that would walk over all of them each time: it made such pages half as slow again.
"""

from __future__ import annotations

import atexit
import gc

from django.urls import get_resolver
from django.utils import translation

# A page makes tens of thousands of objects that are gone with it, without a collection.
SELDOM = (20_000, 20, 50)


def load_for_good() -> None:
    """All views and both catalogs; to be called once, when the process starts to answer."""
    _ = get_resolver().reverse_dict
    for language in ("de", "en"):
        with translation.override(language):
            translation.gettext("")
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    # Libraries look at the end for what was not freed.
    atexit.register(gc.unfreeze)
