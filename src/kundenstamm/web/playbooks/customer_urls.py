"""Addresses of one customer's playbook."""

from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.guard.needing import needing
from kundenstamm.web.playbooks import play_views

urlpatterns = needing(
    Right.RECORD,
    [
        path("<uuid:key>/playbook/start/", play_views.start, name="start-playbook"),
        path("<uuid:key>/playbook/stop/", play_views.stop, name="stop-playbook"),
    ],
)
