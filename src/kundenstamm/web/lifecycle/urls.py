from django.urls import path

from kundenstamm.web.lifecycle import views

urlpatterns = [path("", views.base, name="base")]
