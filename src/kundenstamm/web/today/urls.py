from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.guard.needing import needing
from kundenstamm.web.today import outcome_views, views

urlpatterns = needing(
    Right.RECORD,
    [
        path("", views.today, name="today"),
        path("outcomes/", outcome_views.outcomes, name="outcomes"),
        path("day/", views.wish, name="wish-for-the-day"),
        path("<uuid:key>/done/", views.done, name="step-done"),
        path("<uuid:key>/not-now/", views.not_now, name="step-not-now"),
        path("<uuid:key>/give/", views.give, name="step-give"),
        path("answers/<uuid:answer>/undo/", views.undo, name="undo-answer"),
    ],
)
