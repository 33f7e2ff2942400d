from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "kundenstamm.care"
    label = "care"

    def ready(self) -> None:
        from kundenstamm.care import asking_many, merging, telling
        from kundenstamm.care.models import Feed
        from kundenstamm.customers import deeds, timeline
        from kundenstamm.customers.lists import BulkAct
        from kundenstamm.guard import endings

        endings.register(
            endings.Ending("calendar", lambda person, at: Feed.objects.filter(person=person))
        )
        deeds.DEEDS[BulkAct.Kind.ASK.value] = asking_many.DEED
        timeline.register(*telling.SOURCES)
        merging.register_all()
