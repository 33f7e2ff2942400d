"""What happens with customers, and what is to be done for them: one noun a file."""

from kundenstamm.care.models.complaint import (
    Complaint,
    ComplaintClass,
    ComplaintQuerySet,
    ComplaintStep,
)
from kundenstamm.care.models.feed import Feed
from kundenstamm.care.models.interaction import NEWEST_FIRST, Interaction, InteractionQuerySet
from kundenstamm.care.models.mention import Mention
from kundenstamm.care.models.survey import Survey
from kundenstamm.care.models.task import Task, TaskQuerySet, TaskStep

__all__ = [
    "NEWEST_FIRST", "Complaint", "ComplaintClass", "ComplaintQuerySet", "ComplaintStep", "Feed",
    "Interaction", "InteractionQuerySet", "Mention", "Survey", "Task", "TaskQuerySet", "TaskStep",
]  # fmt: skip
