from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.customers import emergency_views, reveal_views, sheet_views, views
from kundenstamm.web.guard.needing import needing

urlpatterns = [
    path("", views.customers, name="customers"),
    path("views/", views.save_view, name="save-view"),
    path("views/<int:pk>/rename/", views.rename_view, name="rename-view"),
    path("views/<int:pk>/remove/", views.remove_view, name="remove-view"),
    *needing(Right.BREAK_GLASS, [path("emergency/", emergency_views.emergency, name="emergency")]),
    path("<uuid:key>/", sheet_views.customer, name="customer"),
    path("<uuid:key>/entries/", sheet_views.entries, name="entries"),
    path("<uuid:key>/prices/", reveal_views.prices, name="reveal-prices"),
    path("contacts/<uuid:contact>/<slug:field>/", reveal_views.contact, name="reveal-contact"),
    path("<uuid:key>/documents/", sheet_views.purchases, name="purchases"),
]
