from django.apps import AppConfig


class ServingConfig(AppConfig):
    name = "kundenstamm.serving"
    label = "serving"

    def ready(self) -> None:
        from kundenstamm.customers import timeline
        from kundenstamm.serving import merging, telling

        timeline.register(*telling.SOURCES)
        merging.register_all()
