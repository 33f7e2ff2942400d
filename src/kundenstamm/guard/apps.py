from django.apps import AppConfig


class GuardConfig(AppConfig):
    name = "kundenstamm.guard"
    label = "guard"
