from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "kundenstamm.care"
    label = "care"

    def ready(self) -> None:
        from kundenstamm.care import merging, telling
        from kundenstamm.customers import timeline

        timeline.register(*telling.SOURCES)
        merging.register_all()
