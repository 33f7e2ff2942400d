from django.urls import path

from kundenstamm.web.company import views

urlpatterns = [
    path("", views.company, name="company"),
    path("products/", views.products, name="company-products"),
    path("products/<int:pk>/cost/", views.cost, name="product-cost"),
    path("margins/", views.margins, name="company-margins"),
]
