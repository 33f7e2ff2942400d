from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "kundenstamm.care"
    label = "care"
