from django.apps import AppConfig


class PursuitsConfig(AppConfig):
    name = "kundenstamm.pursuits"
    label = "pursuits"

    def ready(self) -> None:
        from kundenstamm.customers import timeline
        from kundenstamm.pursuits import merging, telling

        timeline.register(*telling.SOURCES)
        merging.register_all()
