from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.guard.needing import needing
from kundenstamm.web.terms import agree_views, views

urlpatterns = [
    path("", views.terms, name="terms"),
    path("without/<uuid:key>/", views.without_agreement, name="without-agreement"),
    path("<uuid:agreement>/", views.agreement, name="agreement"),
    *needing(
        Right.TERMS,
        [
            path("agree/<uuid:key>/", agree_views.agree, name="agree"),
            path("without/<uuid:key>/link/", agree_views.link, name="link-entry"),
            path("<uuid:agreement>/renew/", agree_views.renew, name="renew-agreement"),
            path("<uuid:agreement>/end/", agree_views.end, name="end-agreement"),
        ],
    ),
]
