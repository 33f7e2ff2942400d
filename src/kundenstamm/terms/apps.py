from django.apps import AppConfig


class TermsConfig(AppConfig):
    name = "kundenstamm.terms"
    label = "terms"

    def ready(self) -> None:
        from kundenstamm.customers import timeline
        from kundenstamm.terms import merging, telling

        timeline.register(*telling.SOURCES)
        merging.register_all()
