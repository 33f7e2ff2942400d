"""Addresses of who holds whom."""

from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.guard.needing import needing
from kundenstamm.web.relations import correct_views, views

urlpatterns = [
    path("", views.people, name="relations"),
    path("<uuid:colleague>/", views.leaving, name="leaving"),
    *needing(
        Right.RECORD,
        [
            path("of/<uuid:key>/correct/", correct_views.correct, name="correct-relation"),
            path(
                "of/<uuid:key>/take-back/<uuid:correction>/",
                correct_views.take_back,
                name="take-back-relation",
            ),
        ],
    ),
]
