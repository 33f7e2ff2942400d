from django.apps import AppConfig


class AcquisitionConfig(AppConfig):
    name = "kundenstamm.acquisition"
    label = "acquisition"

    def ready(self) -> None:
        from kundenstamm.acquisition import merging, telling, touching_many
        from kundenstamm.customers import deeds, timeline
        from kundenstamm.customers.lists import BulkAct

        deeds.DEEDS[BulkAct.Kind.CAMPAIGN.value] = touching_many.DEED
        timeline.register(*telling.SOURCES)
        merging.register_all()
