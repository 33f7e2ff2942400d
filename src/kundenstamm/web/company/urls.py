from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.company import views
from kundenstamm.web.guard.needing import needing

urlpatterns = needing(
    Right.COMPANY,
    [
        path("", views.company, name="company"),
        path("products/", views.products, name="company-products"),
        path("products/<int:pk>/cost/", views.cost, name="product-cost"),
        path("margins/", views.margins, name="company-margins"),
    ],
)
