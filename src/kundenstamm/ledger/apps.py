from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "kundenstamm.ledger"
    label = "ledger"

    def ready(self) -> None:
        from kundenstamm.customers import moving, timeline
        from kundenstamm.ledger import telling
        from kundenstamm.ledger.merging import Entries

        timeline.register(*telling.SOURCES)
        moving.register(Entries())
