from django.apps import AppConfig


class ImportersConfig(AppConfig):
    name = "kundenstamm.importers"
    label = "importers"
