"""Addresses of the chain."""

from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.chain import link_views, views
from kundenstamm.web.guard.needing import needing

urlpatterns = [
    path("", views.chains, name="chain"),
    path("<uuid:key>/", views.branch, name="chain-of"),
    path("<uuid:key>/below/", views.below, name="chain-below"),
    path("<uuid:key>/what-if/", views.what_if, name="chain-what-if"),
    *needing(
        Right.ASSIGN,
        [
            path("<uuid:key>/link/", link_views.link, name="link-chain"),
            path("<uuid:key>/end/", link_views.end, name="end-chain-link"),
        ],
    ),
]
