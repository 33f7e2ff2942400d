from django.apps import AppConfig


class ChainConfig(AppConfig):
    name = "kundenstamm.chain"
    label = "chain"

    def ready(self) -> None:
        from kundenstamm.chain import merging

        merging.register_all()
