from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "kundenstamm.ledger"
    label = "ledger"

    def ready(self) -> None:
        from kundenstamm.customers import timeline
        from kundenstamm.ledger import telling

        timeline.register(*telling.SOURCES)
