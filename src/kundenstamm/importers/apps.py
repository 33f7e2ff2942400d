from django.apps import AppConfig


class ImportersConfig(AppConfig):
    name = "kundenstamm.importers"
    label = "importers"

    def ready(self) -> None:
        from kundenstamm.customers import moving
        from kundenstamm.guard.holdings import register
        from kundenstamm.importers.actions import value_anew
        from kundenstamm.importers.masters.restoring import sealed_images

        for image in sealed_images():
            register(image)
        moving.afterwards(value_anew)
