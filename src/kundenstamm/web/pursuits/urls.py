"""Addresses of pursuits: read by whoever sees prices, changed by whoever pursues."""

from django.urls import URLPattern, path

from kundenstamm.guard.rights import Right
from kundenstamm.web.guard.needing import needing
from kundenstamm.web.pursuits import (
    board_views,
    capacity_views,
    deed_views,
    how_many_views,
    scenario_views,
    sheet_views,
    start_views,
)

urlpatterns: list[URLPattern] = [
    *needing(
        Right.PURSUE,
        [
            path("new/", start_views.new, name="new-pursuit"),
            path("of/<uuid:key>/", start_views.of_customer, name="pursue"),
            path("<uuid:pursuit>/move/", deed_views.move, name="move-pursuit"),
            path("<uuid:pursuit>/book/", deed_views.book, name="book-pursuit"),
            path("<uuid:pursuit>/take-back/", deed_views.take_back, name="take-back-spending"),
            path("<uuid:pursuit>/hand-over/", deed_views.hand_over, name="hand-over-pursuit"),
        ],
    ),
    *needing(
        Right.PRICES,
        [
            path("", board_views.board, name="pursuits"),
            path("promised/", board_views.promised, name="kept-promises"),
            path("capacity/", capacity_views.capacity, name="capacity"),
            path("capacity/how-many/", how_many_views.how_many, name="how-many"),
            path("capacity/<int:pool>/<str:of_month>/", capacity_views.cell, name="capacity-cell"),
            path("scenarios/", scenario_views.compared, name="scenarios"),
            path("scenarios/new/", scenario_views.new, name="new-scenario"),
            path("scenarios/<uuid:scenario>/", scenario_views.scenario, name="scenario"),
            path("scenarios/<uuid:scenario>/copy/", scenario_views.copy, name="copy-scenario"),
            path(
                "scenarios/<uuid:scenario>/delete/", scenario_views.delete, name="delete-scenario"
            ),
            path("<uuid:pursuit>/", sheet_views.sheet, name="pursuit"),
        ],
    ),
]
