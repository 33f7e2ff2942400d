"""Addresses of complaints: whoever knows the customer sees them, who records acts."""

from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.care import complaint_settings, complaint_views
from kundenstamm.web.guard.needing import needing

urlpatterns = [
    path("", complaint_views.still_open, name="complaints"),
    path("solved/", complaint_views.solved, name="solved-complaints"),
    path("figures/", complaint_settings.waits, name="complaint-figures"),
    *needing(
        Right.COMPANY, [path("classes/", complaint_settings.classes, name="complaint-classes")]
    ),
    path("<uuid:complaint>/", complaint_views.complaint, name="complaint"),
    *needing(
        Right.RECORD,
        [path("<uuid:complaint>/<slug:step>/", complaint_views.step, name="complaint-step")],
    ),
]
