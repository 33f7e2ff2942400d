from django.apps import AppConfig


class ServingConfig(AppConfig):
    name = "kundenstamm.serving"
    label = "serving"
