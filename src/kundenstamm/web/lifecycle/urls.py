from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.guard.needing import needing
from kundenstamm.web.lifecycle import behind_views, evidence_views, views

urlpatterns = [
    path("", views.base, name="base"),
    path("base/customers/", behind_views.behind, name="base-customers"),
    path("estimates/", evidence_views.evidence, name="evidence"),
    path("estimates/progress/", evidence_views.progress, name="evidence-progress"),
    *needing(Right.COMPANY, [path("estimates/again/", evidence_views.again, name="judge-again")]),
]
