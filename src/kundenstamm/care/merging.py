"""What of care moves when two customers become one: all of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.moving import Rows, register


def register_all() -> None:
    register(
        Rows("care.Interaction", _("Interactions")),
        Rows("care.Attachment", _("Attachments")),
        Rows("care.Mention", _("Mentions")),
        Rows("care.Task", _("Tasks")),
        Rows("care.TaskStep", _("Tasks")),
        Rows("care.Complaint", _("Complaints")),
        Rows("care.ComplaintStep", _("Complaints")),
        Rows("care.Survey", _("Surveys")),
    )
