"""Pages about decisions on one customer."""

from django.urls import URLPattern, path

from kundenstamm.guard.rights import Right
from kundenstamm.web.decisions import views
from kundenstamm.web.guard.needing import needing

urlpatterns: list[URLPattern] = [
    *needing(
        Right.PRICES,
        [
            path("", views.proposed, name="proposals"),
            path("before/<uuid:key>/", views.before_signing, name="before-signing"),
            path("<uuid:proposal>/", views.proposal, name="proposal"),
        ],
    ),
    *needing(
        Right.APPROVE, [path("<uuid:proposal>/decide/", views.decide, name="decide-proposal")]
    ),
    *needing(
        Right.SIGN, [path("<uuid:proposal>/withdraw/", views.withdraw, name="withdraw-proposal")]
    ),
]
