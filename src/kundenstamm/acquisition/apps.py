from django.apps import AppConfig


class AcquisitionConfig(AppConfig):
    name = "kundenstamm.acquisition"
    label = "acquisition"

    def ready(self) -> None:
        from kundenstamm.acquisition import merging, telling
        from kundenstamm.customers import timeline

        timeline.register(*telling.SOURCES)
        merging.register_all()
