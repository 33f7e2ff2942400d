"""All addresses of the site; each domain brings its own."""

from django.urls import include, path

urlpatterns = [path("", include("kundenstamm.web.urls"))]
