from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.customers import (
    activity_views,
    bulk_views,
    contact_views,
    doubles_views,
    emergency_views,
    glance_views,
    knowing_views,
    proposal_views,
    reveal_views,
    serving_views,
    sheet_views,
    star_views,
    transfer_views,
    views,
)
from kundenstamm.web.guard.needing import needing

urlpatterns = [
    path("", views.customers, name="customers"),
    path("views/", views.save_view, name="save-view"),
    path("views/<int:pk>/rename/", views.rename_view, name="rename-view"),
    path("views/<int:pk>/remove/", views.remove_view, name="remove-view"),
    *needing(Right.BREAK_GLASS, [path("emergency/", emergency_views.emergency, name="emergency")]),
    path("together/", bulk_views.confirm, name="bulk-confirm"),
    path("together/now/", bulk_views.do, name="bulk-do"),
    path("together/done/", bulk_views.acts, name="bulk"),
    path("together/done/<uuid:act>/", bulk_views.act, name="bulk-act"),
    path("together/done/<uuid:act>/undo/", bulk_views.undo, name="bulk-undo"),
    *needing(
        Right.MERGE,
        [
            path("duplicates/", doubles_views.duplicates, name="duplicates"),
            path("duplicates/<uuid:keep>/<uuid:drop>/", doubles_views.duplicate, name="duplicate"),
            path("duplicates/<uuid:keep>/<uuid:drop>/merge/", doubles_views.merge, name="merge"),
            path(
                "duplicates/<uuid:keep>/<uuid:drop>/propose/",
                proposal_views.propose,
                name="propose-merge",
            ),
            path(
                "duplicates/proposed/<uuid:merge_proposal>/accept/",
                proposal_views.accept,
                name="accept-merge",
            ),
            path(
                "duplicates/proposed/<uuid:merge_proposal>/refuse/",
                proposal_views.refuse,
                name="refuse-merge",
            ),
            path("duplicates/<int:pair>/apart/", doubles_views.apart, name="keep-apart"),
            path("duplicates/merged/<uuid:merge>/undo/", doubles_views.undo, name="undo-merge"),
        ],
    ),
    path("<uuid:key>/", sheet_views.customer, name="customer"),
    path("<uuid:key>/preview/", glance_views.preview, name="preview"),
    path("<uuid:key>/star/", star_views.star, name="star"),
    path("<uuid:key>/unstar/", star_views.unstar, name="unstar"),
    path("<uuid:key>/entries/", sheet_views.entries, name="entries"),
    path("<uuid:key>/activities/", activity_views.activities, name="activities"),
    path("<uuid:key>/activities/<int:pk>/", activity_views.activity, name="activity"),
    path("<uuid:key>/prices/", reveal_views.prices, name="reveal-prices"),
    path("<uuid:key>/contacts/", contact_views.contacts, name="contacts"),
    *needing(
        Right.RECORD,
        [
            path("<uuid:key>/contacts/add/", contact_views.add, name="add-contact"),
            path("contacts/<uuid:contact>/", contact_views.contact, name="contact"),
            path(
                "contacts/<uuid:contact>/main/", contact_views.make_main, name="make-main-contact"
            ),
            path("contacts/<uuid:contact>/remove/", contact_views.remove, name="remove-contact"),
            path("contacts/<uuid:contact>/back/", contact_views.put_back, name="put-back-contact"),
        ],
    ),
    path("contacts/<uuid:contact>/<slug:field>/", reveal_views.contact, name="reveal-contact"),
    path("<uuid:key>/documents/", sheet_views.purchases, name="purchases"),
    *needing(
        Right.ASSIGN,
        [
            path("transfer/", transfer_views.transfer_page, name="transfer"),
            path("transfer/now/", transfer_views.hand_over, name="hand-over"),
            path("<uuid:key>/assign/", serving_views.assign, name="assign"),
            path("<uuid:key>/end/", serving_views.end_assignment, name="end-assignment"),
        ],
    ),
    *needing(
        Right.GRANT,
        [
            path("<uuid:key>/grant/", knowing_views.grant, name="grant"),
            path("<uuid:key>/take-back/", knowing_views.take_back, name="take-back"),
            path("<uuid:key>/confidential/", knowing_views.confidential, name="confidential"),
        ],
    ),
]
