from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "kundenstamm.web"
    label = "web"
