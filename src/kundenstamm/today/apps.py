from django.apps import AppConfig


class TodayConfig(AppConfig):
    name = "kundenstamm.today"
    label = "today"

    def ready(self) -> None:
        from kundenstamm.guard import endings
        from kundenstamm.today import merging
        from kundenstamm.today.models import Wish

        endings.register(
            endings.Ending("morning mail", lambda person, at: Wish.objects.filter(person=person))
        )
        merging.register_all()
