"""The site's addresses, domain by domain."""

from django.urls import include, path

urlpatterns = [
    path("", include("kundenstamm.web.shell.urls")),
    path("", include("kundenstamm.web.guard.urls")),
    path("", include("kundenstamm.web.lifecycle.urls")),
    path("today/", include("kundenstamm.web.today.urls")),
    path("customers/", include("kundenstamm.web.customers.urls")),
    path("customers/", include("kundenstamm.web.care.urls")),
    path("customers/", include("kundenstamm.web.playbooks.customer_urls")),
    path("customers/", include("kundenstamm.web.acquisition.customer_urls")),
    path("growth/", include("kundenstamm.web.acquisition.urls")),
    path("tasks/", include("kundenstamm.web.care.task_urls")),
    path("complaints/", include("kundenstamm.web.care.complaint_urls")),
    path("", include("kundenstamm.web.care.survey_urls")),
    path("chain/", include("kundenstamm.web.chain.urls")),
    path("relations/", include("kundenstamm.web.relations.urls")),
    path("terms/", include("kundenstamm.web.terms.urls")),
    path("pursuits/", include("kundenstamm.web.pursuits.urls")),
    path("decisions/", include("kundenstamm.web.decisions.urls")),
    path("departures/", include("kundenstamm.web.departures.urls")),
    path("import/", include("kundenstamm.web.importers.urls")),
    path("company/", include("kundenstamm.web.company.urls")),
    path("company/", include("kundenstamm.web.serving.urls")),
    path("company/playbooks/", include("kundenstamm.web.playbooks.urls")),
]
