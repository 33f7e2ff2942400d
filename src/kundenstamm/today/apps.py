from django.apps import AppConfig


class TodayConfig(AppConfig):
    name = "kundenstamm.today"
    label = "today"

    def ready(self) -> None:
        from kundenstamm.today import merging

        merging.register_all()
