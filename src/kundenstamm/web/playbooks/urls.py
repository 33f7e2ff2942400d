"""Addresses of playbooks: the company's settings."""

from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.guard.needing import needing
from kundenstamm.web.playbooks import views

urlpatterns = needing(
    Right.COMPANY,
    [
        path("", views.playbooks, name="playbooks"),
        path("choose/", views.choose, name="choose-playbook"),
        path("<slug:stage>/<slug:link>/", views.playbook, name="playbook"),
        path("<slug:stage>/<slug:link>/switch/", views.switch, name="switch-playbook"),
    ],
)
