from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "kundenstamm.decisions"
    label = "decisions"

    def ready(self) -> None:
        from kundenstamm.customers import timeline
        from kundenstamm.decisions import telling

        timeline.register(*telling.SOURCES)
