from django.apps import AppConfig


class RelationsConfig(AppConfig):
    name = "kundenstamm.relations"
    label = "relations"

    def ready(self) -> None:
        from kundenstamm.customers import timeline
        from kundenstamm.relations import merging, telling

        timeline.register(*telling.SOURCES)
        merging.register_all()
