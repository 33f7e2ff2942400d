from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "kundenstamm.decisions"
    label = "decisions"

    def ready(self) -> None:
        from kundenstamm.customers import timeline
        from kundenstamm.decisions import merging, telling

        timeline.register(*telling.SOURCES)
        merging.register_all()
