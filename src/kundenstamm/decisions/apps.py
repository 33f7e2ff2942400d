from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "kundenstamm.decisions"
    label = "decisions"
