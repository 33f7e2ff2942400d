from django.urls import path

from kundenstamm.web.customers import reveal_views, sheet_views, views

urlpatterns = [
    path("", views.customers, name="customers"),
    path("views/", views.save_view, name="save-view"),
    path("views/<int:pk>/rename/", views.rename_view, name="rename-view"),
    path("views/<int:pk>/remove/", views.remove_view, name="remove-view"),
    path("<uuid:key>/", sheet_views.customer, name="customer"),
    path("<uuid:key>/entries/", sheet_views.entries, name="entries"),
    path("<uuid:key>/prices/", reveal_views.prices, name="reveal-prices"),
    path("contacts/<uuid:contact>/<slug:field>/", reveal_views.contact, name="reveal-contact"),
    path("<uuid:key>/documents/", sheet_views.purchases, name="purchases"),
]
