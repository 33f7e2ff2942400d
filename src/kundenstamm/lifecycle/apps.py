from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "kundenstamm.lifecycle"
    label = "lifecycle"

    def ready(self) -> None:
        from kundenstamm.customers import timeline
        from kundenstamm.lifecycle import merging, telling

        timeline.register(*telling.SOURCES)
        merging.register_all()
