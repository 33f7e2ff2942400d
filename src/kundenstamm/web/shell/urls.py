from django.urls import path

from kundenstamm.web.shell import views

urlpatterns = [
    path("find/", views.find, name="find"),
    path("shortcuts/", views.shortcut_page, name="shortcuts"),
]
