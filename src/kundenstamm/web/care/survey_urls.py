"""Addresses of satisfaction: who records asks, who knows the customer reads, the link answers."""

from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.care import feedback_views, survey_views
from kundenstamm.web.guard.needing import needing

urlpatterns = [
    path("feedback/<str:token>/", feedback_views.feedback, name="feedback"),
    path("complaints/satisfaction/", survey_views.satisfaction, name="satisfaction"),
    *needing(
        Right.RECORD,
        [
            path("customers/<uuid:key>/ask/", survey_views.ask, name="ask-satisfaction"),
            path(
                "customers/<uuid:key>/ask/<uuid:survey>/revoke/",
                survey_views.revoke,
                name="revoke-survey",
            ),
        ],
    ),
]
