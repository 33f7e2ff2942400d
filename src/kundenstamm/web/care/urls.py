from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.care import attachment_views, task_views, timeline_views, views
from kundenstamm.web.guard.needing import needing

urlpatterns = [
    path("<uuid:key>/timeline/", timeline_views.customer_timeline, name="timeline"),
    path("<uuid:key>/interactions/", views.interactions, name="interactions"),
    *needing(
        Right.RECORD,
        [
            path("<uuid:key>/tasks/set/", task_views.set_task, name="set-task"),
            path(
                "<uuid:key>/attachments/<uuid:attachment>/",
                attachment_views.download,
                name="attachment",
            ),
            path(
                "<uuid:key>/attachments/<uuid:attachment>/remove/",
                attachment_views.remove,
                name="remove-attachment",
            ),
            path(
                "<uuid:key>/interactions/<uuid:interaction>/attach/",
                attachment_views.attach,
                name="attach",
            ),
            path("<uuid:key>/interactions/record/", views.record, name="record-interaction"),
            path(
                "<uuid:key>/interactions/<uuid:interaction>/open/",
                views.open_as_complaint,
                name="open-complaint",
            ),
            path(
                "<uuid:key>/interactions/<uuid:interaction>/withdraw/",
                views.withdraw,
                name="withdraw-interaction",
            ),
        ],
    ),
]
