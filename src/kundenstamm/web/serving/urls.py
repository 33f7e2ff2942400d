from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.guard.needing import needing
from kundenstamm.web.serving import allocation_views, pool_views, type_views

urlpatterns = [
    # What a minute costs is a price: whoever sees prices may read it, the actions ask for more.
    *needing(
        Right.PRICES,
        [
            path("pools/", pool_views.pools_page, name="pools"),
            path("pools/<int:pk>/", pool_views.pool_page, name="pool"),
            path("activities/", type_views.types_page, name="activity-types"),
        ],
    ),
    *needing(
        Right.COMPANY,
        [
            path("pools/carry-over/", pool_views.carry, name="pools-carry-over"),
            path("activities/new/", type_views.new_type, name="activity-type-new"),
            path("activities/<int:pk>/", type_views.change_type, name="activity-type"),
            path("activities/example/", type_views.example, name="activity-example"),
            path("allocation/", allocation_views.months, name="allocations"),
            path("allocation/<str:month>/", allocation_views.month, name="allocation"),
            path("allocation/<str:month>/run/", allocation_views.run, name="allocation-run"),
            path(
                "allocation/<str:month>/progress/",
                allocation_views.progress,
                name="allocation-progress",
            ),
        ],
    ),
]
