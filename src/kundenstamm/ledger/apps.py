from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "kundenstamm.ledger"
    label = "ledger"
