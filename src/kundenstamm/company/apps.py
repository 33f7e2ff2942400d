from django.apps import AppConfig


class CompanyConfig(AppConfig):
    name = "kundenstamm.company"
    label = "company"
