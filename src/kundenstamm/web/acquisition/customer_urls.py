"""Addresses of one customer's way to us."""

from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.acquisition import coming_views
from kundenstamm.web.guard.needing import needing

urlpatterns = [
    *needing(
        Right.RECORD,
        [
            path("<uuid:key>/origin/", coming_views.origin, name="tell-origin"),
            path("<uuid:key>/touch/", coming_views.touch, name="touch"),
            path("<uuid:key>/touch/<uuid:touch>/remove/", coming_views.remove, name="untouch"),
            path("<uuid:key>/thank/", coming_views.thank, name="thank"),
        ],
    ),
    *needing(
        Right.MARKETING,
        [path("<uuid:key>/origin/ask-again/", coming_views.ask_again, name="ask-again")],
    ),
]
