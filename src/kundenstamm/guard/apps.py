from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GuardConfig(AppConfig):
    name = "kundenstamm.guard"
    label = "guard"

    def ready(self) -> None:
        post_migrate.connect(_raise_wall, sender=self, dispatch_uid="wall")


def _raise_wall(plan: Any = (), **_told: Any) -> None:
    """Once all applications are migrated, and only if there was anything to migrate."""
    from kundenstamm.guard.wall import raise_wall

    if plan:
        raise_wall()
