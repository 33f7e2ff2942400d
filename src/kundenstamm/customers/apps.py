from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "kundenstamm.customers"
    label = "customers"

    def ready(self) -> None:
        from kundenstamm.customers import merging, telling, timeline

        timeline.register(*telling.SOURCES)
        merging.register_all()
