from django.urls import path

from kundenstamm.web.customers import views

urlpatterns = [
    path("", views.customers, name="customers"),
    path("views/", views.save_view, name="save-view"),
    path("views/<int:pk>/remove/", views.remove_view, name="remove-view"),
    path("<uuid:key>/", views.customer, name="customer"),
    path("<uuid:key>/entries/", views.entries, name="entries"),
    path("<uuid:key>/documents/", views.purchases, name="purchases"),
]
