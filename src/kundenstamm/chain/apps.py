from django.apps import AppConfig


class ChainConfig(AppConfig):
    name = "kundenstamm.chain"
    label = "chain"
