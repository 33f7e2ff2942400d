from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GuardConfig(AppConfig):
    name = "kundenstamm.guard"
    label = "guard"

    def ready(self) -> None:
        post_migrate.connect(_raise_wall, dispatch_uid="wall")


def _raise_wall(plan: Any = (), **_told: Any) -> None:
    """After the last application's migrations, and only if there were any."""
    from kundenstamm.guard.wall import raise_wall

    if plan:
        raise_wall()
