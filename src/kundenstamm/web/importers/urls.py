from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.guard.needing import needing
from kundenstamm.web.importers import views

urlpatterns = needing(
    Right.IMPORT,
    [
        path("", views.imports, name="imports"),
        path("<uuid:key>/", views.job, name="import-job"),
        path("<uuid:key>/outlook/", views.outlook, name="import-outlook"),
        path("<uuid:key>/start/", views.start, name="import-start"),
        path("<uuid:key>/progress/", views.progress, name="import-progress"),
        path("<uuid:key>/discard/", views.discard, name="import-discard"),
        path("batch/<uuid:key>/undo/", views.undo, name="import-undo"),
        path("batch/<uuid:key>/refused/", views.refused, name="import-refused"),
    ],
)
