"""Addresses of departures: for owners and sales leads; what to read for whoever records."""

from django.urls import URLPattern, path

from kundenstamm.guard.rights import Right
from kundenstamm.web.departures import (
    absence_views,
    deed_views,
    joining_views,
    sheet_views,
    views,
    watch_views,
)
from kundenstamm.web.guard.needing import needing

urlpatterns: list[URLPattern] = [
    *needing(
        Right.RECORD,
        [
            path("new-customers/", joining_views.new_customers, name="new-customers"),
            path("sheets/", sheet_views.sheets, name="handover-sheets"),
            path("sheets/<uuid:sheet>/", sheet_views.sheet, name="handover-sheet"),
        ],
    ),
    *needing(
        Right.ASSIGN,
        [
            path("joining/", joining_views.joining, name="joining"),
            path("joining/now/", joining_views.do_take_over, name="joining-take-over"),
            path("absences/", absence_views.absences, name="absences"),
            path("absences/<uuid:absence>/back/", absence_views.back, name="absence-back"),
        ],
    ),
    *needing(
        Right.WATCH,
        [
            path("watch/", watch_views.watch, name="watch"),
            path("watch/do/", watch_views.do, name="watch-do"),
        ],
    ),
    *needing(
        Right.DEPART,
        [
            path("", views.departures, name="departures"),
            path("<uuid:departure>/", views.departure, name="departure"),
            path("<uuid:departure>/do/", deed_views.do, name="departure-do"),
            path("<uuid:departure>/choose/", deed_views.choose, name="departure-choose"),
            path(
                "<uuid:departure>/letter/<uuid:key>/<str:language>/",
                views.print_letter,
                name="departure-letter",
            ),
        ],
    ),
]
