from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "kundenstamm.customers"
    label = "customers"

    def ready(self) -> None:
        from kundenstamm.customers import merging, telling, timeline
        from kundenstamm.customers.queries import open_grants
        from kundenstamm.guard import endings

        endings.register(
            endings.Ending(
                "openings",
                open_grants,
                lambda person, at: open_grants(person, at).update(ends_at=at),
            )
        )
        timeline.register(*telling.SOURCES)
        merging.register_all()
