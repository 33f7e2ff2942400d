from django.apps import AppConfig


class PlaybooksConfig(AppConfig):
    name = "kundenstamm.playbooks"
    label = "playbooks"

    def ready(self) -> None:
        from kundenstamm.customers import timeline
        from kundenstamm.playbooks import merging, telling

        timeline.register(*telling.SOURCES)
        merging.register_all()
