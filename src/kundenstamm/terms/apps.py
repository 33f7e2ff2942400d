from django.apps import AppConfig


class TermsConfig(AppConfig):
    name = "kundenstamm.terms"
    label = "terms"
