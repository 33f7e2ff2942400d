from django.apps import AppConfig


class DeparturesConfig(AppConfig):
    name = "kundenstamm.departures"
    label = "departures"

    def ready(self) -> None:
        from kundenstamm.customers import bulk
        from kundenstamm.departures import confiding, merging
        from kundenstamm.departures.joining.undoing import take_back_along

        confiding.register_all()
        merging.register_all()
        bulk.ALONG.append(take_back_along)
