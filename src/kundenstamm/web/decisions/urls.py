"""Pages about decisions on one customer."""

from django.urls import URLPattern, path

from kundenstamm.guard.rights import Right
from kundenstamm.web.decisions import plan_views, repair_views, views
from kundenstamm.web.guard.needing import needing

urlpatterns: list[URLPattern] = [
    *needing(
        Right.PRICES,
        [
            path("", views.proposed, name="proposals"),
            path("before/<uuid:key>/", views.before_signing, name="before-signing"),
            path("repair/", repair_views.repairs, name="repairs"),
            path("repair/<uuid:key>/", repair_views.repair, name="repair"),
            path("plan/<uuid:repair_plan>/", plan_views.plan, name="repair-plan"),
            path(
                "plan/<uuid:repair_plan>/letter/<str:language>/",
                plan_views.print_letter, name="repair-letter",
            ),
            path("<uuid:proposal>/", views.proposal, name="proposal"),
        ],
    ),
    *needing(
        Right.APPROVE, [path("<uuid:proposal>/decide/", views.decide, name="decide-proposal")]
    ),
    *needing(
        Right.SIGN,
        [
            path("<uuid:proposal>/withdraw/", views.withdraw, name="withdraw-proposal"),
            path(
                "plan/<uuid:repair_plan>/write/<str:language>/",
                plan_views.write, name="write-repair-letter",
            ),
            path("plan/<uuid:repair_plan>/end/", plan_views.end, name="end-repair-plan"),
        ],
    ),
    *needing(
        Right.PART, [path("plan/<uuid:repair_plan>/part/", plan_views.part, name="part")]
    ),
]  # fmt: skip
