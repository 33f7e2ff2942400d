from django.apps import AppConfig


class DeparturesConfig(AppConfig):
    name = "kundenstamm.departures"
    label = "departures"

    def ready(self) -> None:
        from kundenstamm.departures import confiding, merging

        confiding.register_all()
        merging.register_all()
