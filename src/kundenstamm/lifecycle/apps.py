from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "kundenstamm.lifecycle"
    label = "lifecycle"
