"""Addresses of tasks; only the calendar is fetched without signing in, by its secret."""

from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.care import feed_views, mention_views, task_views
from kundenstamm.web.guard.needing import needing

urlpatterns = [
    path("calendar/<str:token>.ics", feed_views.feed, name="task-feed"),
    *needing(
        Right.RECORD,
        [
            path("", task_views.my_day, name="tasks"),
            path("team/", task_views.my_team, name="team-tasks"),
            path("calendar/", feed_views.change_feed, name="change-feed"),
            path("mentions/<uuid:mention>/seen/", mention_views.seen, name="see-mention"),
            path("<uuid:task>/", task_views.task, name="task"),
            path("<uuid:task>/finish/", task_views.finish, name="finish-task"),
            path("<uuid:task>/hand-over/", task_views.hand_over, name="hand-over-task"),
            path("<uuid:task>/put-off/", task_views.put_off, name="put-off-task"),
            path("<uuid:task>/drop/", task_views.drop, name="drop-task"),
        ],
    ),
]
