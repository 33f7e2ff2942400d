from django.apps import AppConfig


class TodayConfig(AppConfig):
    name = "kundenstamm.today"
    label = "today"
